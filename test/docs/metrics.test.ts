import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { Metrics as ClipMetrics } from '../../functions/clip/metrics.ts';
import { Metrics as TrainerMetrics } from '../../functions/trainer/metrics.ts';

const zero = (): number => 0;
const clipGauges = {
  imagesInFlight: zero,
  imagesWaiting: zero,
  bytesInFlight: zero,
  decodePixels: zero,
  cacheBytes: zero,
  isReady: () => true,
};

const FUNCTIONS = {
  clip: () => {
    const metrics = new ClipMetrics();
    metrics.watch(clipGauges);
    return metrics;
  },
  trainer: () => {
    const metrics = new TrainerMetrics();
    metrics.watch({ trainings: zero, uploads: zero });
    return metrics;
  },
};

/** Rows of the tables: | `name`, `name` | kind | labels | what it is | */
function documented(prefix: string): readonly { name: string; kind: string }[] {
  return readFileSync('docs/operations.md', 'utf8')
    .split('\n')
    .map((line) => /^\| (`\w+_[^|]*) \| (counter|histogram|gauge) \|/.exec(line))
    .filter((match) => match !== null)
    .flatMap(([, names = '', kind = '']) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => ({ name, kind })),
    )
    .filter(({ name }) => name.startsWith(`${prefix}_`));
}

describe('the tables of metrics in docs/operations.md', () => {
  for (const [name, create] of Object.entries(FUNCTIONS)) {
    it(`have just what ${name} counts, each with its kind`, async () => {
      const served = (await create().registry.metrics())
        .split('\n')
        .map((line) => /^# TYPE (\w+) (\w+)/.exec(line))
        .filter((match) => match !== null)
        .map(([, metric = '', kind = '']) => ({ name: metric, kind }))
        .filter((metric) => metric.name.startsWith(`${name}_`));
      expect(documented(name)).to.have.deep.members(served);
    });
  }
});
