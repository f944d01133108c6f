import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex, sha256OfFile } from '../../../shared/io/sha256.ts';
import { temporaryDirectory } from './sample-bundle.ts';

/** FIPS 180-2, appendix B.1, and the empty message. */
const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('SHA-256', () => {
  it('of bytes and texts', () => {
    expect(sha256Hex('abc')).to.equal(ABC);
    expect(sha256Hex(Uint8Array.of(97, 98, 99))).to.equal(ABC);
    expect(sha256Hex('')).to.equal(EMPTY);
  });

  it('of a file, the same as of its bytes', async () => {
    const { path, remove } = await temporaryDirectory();
    const bytes = new Uint8Array(300_000).map((_, at) => at % 251);
    await writeFile(join(path, 'x'), bytes);
    expect(await sha256OfFile(join(path, 'x'))).to.equal(sha256Hex(bytes));
    await remove();
  });

  it('of a file that is not there is an error', async () => {
    const error: unknown = await sha256OfFile('/nowhere/at/all').catch((reason: unknown) => reason);
    expect(error).to.have.property('code', 'ENOENT');
  });
});
