import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { AppError } from '../../../shared/core/errors.ts';
import { decodeBmp } from '../../../shared/io/decode-bmp.ts';
import { bmpBytes } from '../sample-bmp.ts';

const PATIENT_MS = 20_000;

describe('decodeBmp', () => {
  it('gives the pixels, top row first, opaque', async () => {
    const pixels = Uint8Array.of(...[3, 2, 1, 6, 5, 4, 0, 0], ...[9, 8, 7, 12, 11, 10, 0, 0]);
    const { width, height, rgba } = await decodeBmp(bmpBytes({ width: 2, height: 2, pixels }), PATIENT_MS);
    expect([width, height]).to.deep.equal([2, 2]);
    expect([...rgba]).to.deep.equal([7, 8, 9, 255, 10, 11, 12, 255, 1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it('takes rows from top to bottom where the height is negative', async () => {
    const pixels = Uint8Array.of(...[3, 2, 1, 0], ...[6, 5, 4, 0]);
    const { rgba } = await decodeBmp(bmpBytes({ width: 1, height: -2, pixels }), PATIENT_MS);
    expect([...rgba]).to.deep.equal([1, 2, 3, 255, 4, 5, 6, 255]);
  });

  it('decodes several at once, each to its own pixels', async () => {
    const made = await Promise.all(
      [2, 3, 4, 5].map((width) => decodeBmp(bmpBytes({ width, height: 1 }), PATIENT_MS)),
    );
    expect(made.map(({ width }) => width)).to.deep.equal([2, 3, 4, 5]);
  });

  it('keeps nothing of a picture that was decoded', async () => {
    const rgba = await (async () => new WeakRef((await decodeBmp(bmpBytes({}), PATIENT_MS)).rgba))();
    await setImmediate();
    collectGarbage();
    expect(rgba.deref()).to.equal(undefined);
  });

  it('says that a file is damaged, and decodes the next', async () => {
    const error = await failureOf(
      decodeBmp(bmpBytes({ width: 900, height: 900, pixels: new Uint8Array(3) }), PATIENT_MS),
    );
    expect(error.message).to.match(/^Expected a bmp that can be decoded/);
    expect((await decodeBmp(bmpBytes({}), PATIENT_MS)).width).to.equal(3);
  });

  it('ends the thread of a picture that takes too long, and decodes the next in another', async () => {
    const large = bmpBytes({ width: 4000, height: 4000, bits: 1, pixels: new Uint8Array(2_000_000) });
    const error = await failureOf(decodeBmp(large, 1));
    expect(error.message).to.include('a bmp that takes longer');
    expect((await decodeBmp(bmpBytes({}), PATIENT_MS)).width).to.equal(3);
  });
});

/** What V8 does by itself at some time, done now. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.catch((reason: unknown) => reason);
  expect(error).to.be.instanceOf(AppError).with.property('code', 'undecodable-image');
  return error as AppError;
}
