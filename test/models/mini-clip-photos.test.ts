import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runEvaluate } from '../../scripts/evaluate/run-evaluate.ts';

const photos = join(process.env.TEST_DATA_DIR ?? '', 'eval', 'photos');
const hasAll =
  process.env.TEST_DATA_DIR !== undefined && existsSync(photos) && existsSync('models/mini-clip/bundle.json');
const why = hasAll ? '' : ' (skipped: needs models/mini-clip and eval/photos in TEST_DATA_DIR)';

describe(`mini-clip on real photographs${why}`, function () {
  this.timeout(120_000);

  it('names most of them, out of a hundred labels, by words alone', async function () {
    if (!hasAll) this.skip();
    const argv = ['--head', 'cifar100', '--kind', 'zero-shot', '--model', 'mini-clip', '--data', photos];
    const report = await runEvaluate(argv, {
      env: {},
      output: { write: () => true },
      signal: new AbortController().signal,
    });
    expect(report?.n).to.equal(216);
    expect(report?.unreadable).to.equal(0);
    // Far above the baseline of 3 %, and below what any bundle has reached: a broken pipeline is not this good.
    expect(report?.top1.interval[0]).to.be.above(0.5);
  });
});
