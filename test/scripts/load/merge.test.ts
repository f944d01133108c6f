import { expect } from 'chai';
import { compareRuns } from '../../../scripts/load/compare.ts';
import { mergeReports, reportLine, reportsIn } from '../../../scripts/load/merge.ts';
import { parseReplicas, scaleTo } from '../../../scripts/load/replicas.ts';
import type { ArtilleryReport } from '../../../scripts/load/summary.ts';

function report(requests: number, median: number): ArtilleryReport {
  const figures = { min: median / 2, median, p95: median * 2, p99: median * 3, max: median * 4 };
  return {
    aggregate: {
      counters: { 'http.requests': requests, 'http.codes.200': requests - 3, 'http.codes.429': 2 },
      rates: { 'http.request_rate': 5 },
      summaries: { 'http.response_time.2xx': figures },
    },
  };
}

describe('reports of several senders', () => {
  it('go through a log and come back', () => {
    const log = `starting\n${reportLine(report(10, 20))}\n[pod/load-1] ${reportLine(report(20, 40))}\nend\n`;
    expect(reportsIn(log)).to.deep.equal([report(10, 20), report(20, 40)]);
    expect(reportsIn('nothing of the kind')).to.deep.equal([]);
  });

  it('are added up, with the worst of the percentiles', () => {
    const { counters, rates, summaries } = mergeReports([report(10, 20), report(20, 40)]).aggregate;
    expect(counters).to.deep.equal({ 'http.requests': 30, 'http.codes.200': 24, 'http.codes.429': 4 });
    expect(rates).to.deep.equal({ 'http.request_rate': 10 });
    expect(summaries?.['http.response_time.2xx']).to.deep.equal({
      min: 10,
      median: 40,
      p95: 80,
      p99: 120,
      max: 160,
    });
  });

  it('must be there', () => {
    expect(() => mergeReports([])).to.throw(RangeError);
  });
});

describe('runs side by side', () => {
  it('tell answers a second, refusals, failures and percentiles', () => {
    const table = compareRuns([
      { title: '1 replica', seconds: 10, report: report(103, 20) },
      { title: '3 replicas', seconds: 5, report: report(103, 8) },
    ]);
    expect(table.split('\n')).to.deep.equal([
      '|  | 1 replica | 3 replicas |',
      '| --- | --- | --- |',
      '| requests | 103 | 103 |',
      '| answered 200, a second | 10.0 | 20.0 |',
      '| turned away (429) | 1.9 % | 1.9 % |',
      '| failed otherwise | 1 | 1 |',
      '| median, ms | 20 | 8 |',
      '| p95, ms | 40 | 16 |',
      '| p99, ms | 60 | 24 |',
    ]);
  });

  it('have a dash where nothing was answered', () => {
    const nothing = { title: 'x', seconds: 1, report: { aggregate: { counters: {} } } };
    expect(compareRuns([nothing]))
      .to.contain('| median, ms | – |')
      .and.to.contain('| 0.0 % |');
  });

  it('are scaled by kubectl, which must do it', () => {
    const commands: string[] = [];
    scaleTo('clip', 3, (command, args) => {
      commands.push([command, ...args].join(' '));
      return 0;
    });
    expect(commands).to.deep.equal([
      'kubectl --namespace openfaas-fn scale deployment/clip --replicas=3',
      'kubectl --namespace openfaas-fn rollout status deployment/clip --timeout=180s',
    ]);
    expect(() => scaleTo('clip', 3, () => 1)).to.throw('failed with 1');
  });

  it('take whole numbers of replicas', () => {
    expect(parseReplicas('1,3')).to.deep.equal([1, 3]);
    for (const wrong of ['', '0', '1,,3', 'x', '1.5'])
      expect(() => parseReplicas(wrong)).to.throw('--replicas');
  });
});
