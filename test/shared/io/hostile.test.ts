import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { AppError } from '../../../shared/core/errors.ts';
import type { Preprocessing } from '../../../shared/core/preprocessing.ts';
import { decodeImage } from '../../../shared/io/decode-image.ts';
import { expectFlatMemory, itOverCollectedFiles } from '../../fixtures/collected-hostile.ts';
import { HOSTILE_PICTURES } from './hostile-pictures.ts';

const CLIP: Preprocessing = {
  ...{ shortestEdge: 224, cropSize: 224, resample: 'bicubic', rescaleFactor: 1 / 255 },
  ...{ mean: [0, 0, 0], std: [1, 1, 1] },
};
const LIMITS = { maxImagePixels: 64e6, maxJpegPixels: 256e6, timeoutMs: 20_000 };

describe('hostile files', () => {
  for (const { name, bytes, outcome } of HOSTILE_PICTURES) {
    it(`${name}: ${outcome}`, async function () {
      this.timeout(60_000);
      expect(await outcomeOf(await bytes())).to.equal(outcome);
      await expectDecodingStillWorks();
    });
  }

  it('of every kind say which of the reasons it was', async () => {
    const messageOf = async (wanted: string) => {
      const picture = HOSTILE_PICTURES.find(({ name }) => name === wanted);
      const error: unknown = await decodeImage(
        (await picture?.bytes()) ?? new Uint8Array(1),
        CLIP,
        LIMITS,
      ).catch((reason: unknown) => reason);
      return (error as AppError).message;
    };
    expect(await messageOf('a PNG that claims 10 thousand million pixels')).to.include(
      'at most 64000000 pixels',
    );
    expect(await messageOf('a JPEG cut in the middle')).to.include('premature end');
    expect(await messageOf('an empty HEIC')).to.include('Save the photo as JPEG');
    expect(await messageOf('an SVG that reads a file')).to.include('received svg');
  });

  itOverCollectedFiles(
    'from forty projects end in a picture or a reason, with flat memory',
    async (files) => {
      const outcomes = await expectFlatMemory(() => outcomesOf(files));
      expect(outcomes.filter((outcome) => outcome === 'picture').length).to.be.above(200);
      await expectDecodingStillWorks();
    },
  );
});

async function outcomesOf(files: readonly string[]): Promise<string[]> {
  const outcomes: string[] = [];
  for (const file of files) outcomes.push(await outcomeOf(await readFile(file)));
  return outcomes;
}

/** @throws whatever is thrown that is not one of the three answers a picture may get */
async function outcomeOf(bytes: Uint8Array): Promise<string> {
  try {
    const { pixels } = await decodeImage(bytes, CLIP, LIMITS);
    expect(pixels).to.have.lengthOf(224 * 224 * 3);
    return 'picture';
  } catch (error) {
    const isAnswer =
      error instanceof AppError &&
      ['bad-request', 'unsupported-image', 'undecodable-image'].includes(error.code);
    if (isAnswer) return error.code;
    throw error;
  }
}

async function expectDecodingStillWorks(): Promise<void> {
  const red = await sharp({ create: { width: 300, height: 200, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  const { pixels } = await decodeImage(red, CLIP, LIMITS);
  expect([...pixels.subarray(0, 3)]).to.deep.equal([255, 0, 0]);
}
