import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { Metrics } from '../../functions/clip/metrics.ts';

const zero = (): number => 0;
const gauges = {
  imagesInFlight: zero,
  imagesWaiting: zero,
  bytesInFlight: zero,
  decodePixels: zero,
  cacheBytes: zero,
  isReady: () => true,
};

/** Rows of the table: | `name`, `name` | kind | labels | what it is | */
function documented(): readonly { name: string; kind: string }[] {
  return readFileSync('docs/operations.md', 'utf8')
    .split('\n')
    .map((line) => /^\| (`clip_[^|]*) \| (counter|histogram|gauge) \|/.exec(line))
    .filter((match) => match !== null)
    .flatMap(([, names = '', kind = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ name, kind })),
    );
}

describe('the table of metrics in docs/operations.md', () => {
  it('has just what clip counts, each with its kind', async () => {
    const metrics = new Metrics();
    metrics.watch(gauges);
    const served = (await metrics.registry.metrics())
      .split('\n')
      .map((line) => /^# TYPE (clip_\w+) (\w+)/.exec(line))
      .filter((match) => match !== null)
      .map(([, name = '', kind = '']) => ({ name, kind }));
    expect(documented()).to.have.deep.members(served);
  });
});
