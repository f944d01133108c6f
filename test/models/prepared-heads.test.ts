import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { headState } from '../../scripts/models/prepared-list.ts';
import type { Bundle } from '../../shared/core/bundle.ts';
import { promptsOf } from '../../shared/core/prompts.ts';
import { buildZeroShotHead } from '../../shared/core/zero-shot.ts';
import { cosine } from '../../shared/core/scoring.ts';
import { readBundle } from '../../shared/io/bundle-directory.ts';
import type { Encoder } from '../../shared/io/encoder.ts';
import { readHeadDefinitions, readPreparedHead } from '../../shared/io/head-directory.ts';
import { startEncoder } from '../../shared/io/onnx-encoder.ts';

const DIRECTORY = 'models/mini-clip';
const isPrepared = existsSync(`${DIRECTORY}/bundle.json`) && existsSync(`${DIRECTORY}/heads/prepared.json`);
const why = isPrepared
  ? ''
  : ` (skipped: ${DIRECTORY} has no prepared heads; npm run models -- prepare mini-clip)`;
/** Labels of each head that are computed again. */
const SAMPLE = 5;

describe(`the heads prepared for mini-clip${why}`, function () {
  this.timeout(60_000);
  let bundle: Bundle;
  let encoder: Encoder | undefined;

  before(async function () {
    if (!isPrepared) return this.skip();
    bundle = await readBundle(DIRECTORY);
    encoder = await startEncoder(bundle, { threads: 1 });
  });
  after(() => encoder?.close());

  it('are of this bundle and of the definitions as they stand: else prepare them again', async () => {
    for (const definition of await readHeadDefinitions('models')) {
      expect(await headState(bundle, definition), definition.id).to.be.oneOf(['ready', 'trained']);
    }
  });

  it('have the rows that the text encoder gives today', async () => {
    for (const definition of await readHeadDefinitions('models')) {
      const stored = await readPreparedHead(bundle, definition.id);
      if (stored?.kind !== 'zero-shot' || encoder === undefined) continue;
      const every = Math.ceil(definition.labels.length / SAMPLE);
      const positions = definition.labels.flatMap((_, at) => (at % every === 0 ? [at] : []));
      const labels = definition.labels.filter((_, at) => positions.includes(at));
      expect(labels.flatMap((label) => promptsOf(label, definition.templates))).not.to.be.empty;
      const texts = encoder;
      const fresh = await buildZeroShotHead({ ...definition, labels }, bundle, (batch) =>
        texts.encodeTexts(batch),
      );
      const size = bundle.manifest.embeddingSize;
      for (const [row, position] of positions.entries()) {
        const was = stored.weights.subarray(position * size, (position + 1) * size);
        const is = fresh.weights.subarray(row * size, (row + 1) * size);
        expect(cosine(was, is), labels[row]?.label).to.be.above(0.999);
      }
    }
  });
});
