import { expect } from 'chai';
import { summarise } from '../../../scripts/load/summary.ts';

const percentiles = { min: 3, median: 7, p95: 20, p99: 31, max: 40 };
const run = { scenario: 'spike', target: 'http://127.0.0.1:8080' };

describe('the summary of a load test', () => {
  it('counts requests by their end, and says what share was turned away', () => {
    const counters = {
      'http.requests': 200,
      'http.codes.200': 150,
      'http.codes.429': 50,
      'vusers.failed': 1,
      'errors.ETIMEDOUT': 1,
    };
    const text = summarise({ aggregate: { counters } }, run);
    expect(text).to.contain('## spike against http://127.0.0.1:8080');
    expect(text).to.contain('| requests | 200 |');
    expect(text).to.contain('| turned away (429) | 50 (25.0 %) |');
    expect(text).to.contain('| status 200 | 150 |');
    expect(text).to.contain('| users that failed | 1 |');
    expect(text).to.contain('| error ETIMEDOUT | 1 |');
  });

  it('keeps cold and warm apart', () => {
    const summaries = {
      'cold.response_time': { ...percentiles, median: 900 },
      'warm.response_time': percentiles,
    };
    const text = summarise({ aggregate: { counters: {}, summaries } }, run);
    expect(text).to.contain('| first (cold) | 3 | 900 | 20 | 31 | 40 |');
    expect(text).to.contain('| later (warm) | 3 | 7 | 20 | 31 | 40 |');
  });

  it('does not divide by no requests', () => {
    expect(summarise({ aggregate: { counters: {} } }, run)).to.contain('| turned away (429) | 0 (0.0 %) |');
  });
});
