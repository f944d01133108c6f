import { expect } from 'chai';
import { RequestMetrics } from '../../../shared/http/request-metrics.ts';

const answered = (status: number, seconds = 0.02) => ({
  route: '/heads/:head',
  method: 'GET',
  status,
  seconds,
});

describe('RequestMetrics', () => {
  const make = () =>
    new RequestMetrics({ functionName: 'example', buckets: [0.01, 0.1], durationNote: '; roughly' });

  it('counts by route, method and status, and observes the time', async () => {
    const metrics = make();
    metrics.count(answered(200));
    metrics.count(answered(200, 0.5));
    metrics.count(answered(404));
    const text = await metrics.registry.metrics();
    expect(text).to.contain('example_requests_total{route="/heads/:head",method="GET",status="200"} 2');
    expect(text).to.contain('example_requests_total{route="/heads/:head",method="GET",status="404"} 1');
    expect(text).to.contain('example_request_duration_seconds_bucket{le="0.1",route="/heads/:head"} 2');
    expect(text).to.contain('by route; roughly.');
  });

  it('tells people of status classes', () => {
    const metrics = make();
    for (const status of [200, 204, 404, 503]) metrics.count(answered(status));
    expect(metrics.statusClasses).to.deep.equal({ '2xx': 2, '4xx': 1, '5xx': 1 });
  });

  it('reads a gauge whenever somebody scrapes, and the process’s own figures where they are wanted', async () => {
    const metrics = make();
    let now = 1;
    metrics.gauge('example_things', 'Things.', () => now);
    expect(await metrics.registry.metrics())
      .to.match(/^example_things 1$/m)
      .and.to.not.contain('process_cpu');
    now = 2;
    metrics.collectDefaults();
    expect(await metrics.registry.metrics())
      .to.match(/^example_things 2$/m)
      .and.to.contain('process_cpu');
  });
});
