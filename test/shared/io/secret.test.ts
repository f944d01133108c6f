import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readSecret } from '../../../shared/io/secret.ts';

describe('readSecret', () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), 'secrets-'))));
  after(() => rm(directory, { recursive: true }));

  it('is the text of the file, without the line break that editors add', async () => {
    for (const [text, secret] of [
      ['abc', 'abc'],
      ['abc\n', 'abc'],
      ['abc\r\n', 'abc'],
      [' a b \n', ' a b '],
    ] as const) {
      await writeFile(join(directory, 'token'), text);
      expect(await readSecret(directory, 'token')).to.equal(secret);
    }
  });

  it('is nothing where there is no file, no directory, or nothing in it', async () => {
    await writeFile(join(directory, 'empty'), '\n');
    expect(await readSecret(directory, 'empty')).to.equal(undefined);
    expect(await readSecret(directory, 'none')).to.equal(undefined);
    expect(await readSecret(join(directory, 'nowhere'), 'none')).to.equal(undefined);
  });

  it('does not take a secret that cannot be read for none', async () => {
    await mkdir(join(directory, 'folder'));
    const error = await readSecret(directory, 'folder').catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(Error);
  });
});
