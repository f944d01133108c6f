import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { parse, stringify } from 'yaml';
import { findProgram } from '../openfaas/programs.ts';
import { manifestsIn, type Manifest } from '../stack/manifests.ts';

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
}

interface Policy extends Manifest {
  readonly spec: {
    readonly ingress?: readonly {
      readonly from: readonly { readonly namespaceSelector?: Selector; readonly podSelector?: Selector }[];
      readonly ports: readonly { readonly port: number }[];
    }[];
  };
}

const dashboard = JSON.parse(readFileSync('deploy/grafana/clip-functions.json', 'utf8')) as {
  panels: Panel[];
};
const charts = dashboard.panels.filter(({ type }) => type !== 'row');
const alerts = (
  parse(readFileSync('deploy/prometheus/alerts.yml', 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap(({ rules }) => rules);
const operations = readFileSync('docs/operations.md', 'utf8');

/** Names of metrics in an expression, without what a histogram adds to its own. */
function metricsIn(expr: string): readonly string[] {
  const names = expr.match(/\b(?:clip|trainer|process|nodejs)_\w+/g) ?? [];
  return names.map((name) => name.replace(/_(bucket|sum|count)$/, ''));
}

/** Our metrics by their kinds, from the tables that another test holds to the code. */
function documentedMetrics(): ReadonlySet<string> {
  const rows = operations.split('\n').filter((line) => /\| (counter|gauge|histogram) \|/.test(line));
  return new Set(
    rows.flatMap((row) => [...row.matchAll(/`((?:clip|trainer)_\w+)`/g)].map(([, name = '']) => name)),
  );
}

describe('the dashboard and the alerts', () => {
  let known: ReadonlySet<string>;

  before(() => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const defaults = registry.getMetricsAsArray().map(({ name }) => name);
    known = new Set([...documentedMetrics(), ...defaults]);
  });

  it('ask for metrics that exist, all of ours among them', () => {
    const asked = new Set(
      [...charts.flatMap(({ targets = [] }) => targets), ...alerts].flatMap(({ expr }) => metricsIn(expr)),
    );
    expect([...asked].filter((name) => !known.has(name))).to.deep.equal([]);
    for (const name of [
      'clip_requests_total',
      'clip_ready',
      'trainer_requests_total',
      'process_cpu_seconds_total',
    ])
      expect([...asked]).to.include(name);
  });

  it('have charts that say what they show, none over another', () => {
    expect(charts.length).to.be.greaterThan(10);
    for (const { title, description = '', targets = [] } of charts) {
      expect(description, title).to.match(/\.$/);
      expect(targets, title).to.not.be.empty;
    }
    const taken = new Set<string>();
    for (const { gridPos, title } of dashboard.panels)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x},${y}`), `${title} lies over another`).to.equal(false);
          taken.add(`${x},${y}`);
        }
  });

  it('alert in words, with a row in docs/operations.md that says what to do', () => {
    for (const { alert, annotations, labels } of alerts) {
      expect(annotations.summary).to.match(/\.$/);
      expect(labels.severity).to.be.oneOf(['page', 'ticket']);
      expect(operations).to.match(new RegExp(`^\\| \`${alert}\` \\|`, 'm'));
    }
  });

  it('warn of the memory limit that stack.yml sets', () => {
    const stack = parse(readFileSync('stack.yml', 'utf8')) as {
      functions: { clip: { limits: { memory: string } } };
    };
    expect(stack.functions.clip.limits.memory).to.equal('1Gi');
    expect(alerts.find(({ alert }) => alert === 'ClipMemoryGrows')?.expr).to.contain('1024 * 1024 * 1024');
  });

  it('may be had by the Prometheus of scrape.yml where policies are enforced, whatever its namespace', () => {
    const policies = manifestsIn('deploy/network-policies.yaml') as readonly Policy[];
    const ingress = policies.flatMap(({ spec }) => spec.ingress ?? []);
    const [rule] = ingress.filter(({ from }) =>
      from.some(
        ({ namespaceSelector, podSelector }) =>
          Object.keys(namespaceSelector?.matchLabels ?? {}).length === 0 &&
          podSelector?.matchLabels?.['app.kubernetes.io/name'] === 'prometheus',
      ),
    );
    expect(rule?.ports).to.deep.include({ port: 8080 });
  });

  describe('are what Prometheus takes', () => {
    const promtool = findProgram('promtool', process.env);

    it(`rules${promtool === undefined ? ' (skipped: no promtool on the PATH)' : ''}`, function () {
      if (promtool === undefined) this.skip();
      const { status, stdout, stderr } = spawnSync(
        promtool,
        ['check', 'rules', 'deploy/prometheus/alerts.yml'],
        {
          encoding: 'utf8',
        },
      );
      expect(status, stdout + stderr).to.equal(0);
    });

    it(`ClipNotReady, also where nothing runs while nobody asks${promtool === undefined ? ' (skipped: no promtool on the PATH)' : ''}`, function () {
      if (promtool === undefined) this.skip();
      const always = alerts.find(({ alert }) => alert === 'ClipNotReady')?.expr ?? '';
      const [, toZero = ''] =
        /`ClipNotReady` .* `(count[^`]+)`/.exec(readFileSync('docs/kubernetes.md', 'utf8')) ?? [];
      const up = { series: 'up{function="clip",pod="a"}', values: '1x5' };
      const ready = (value: number) => ({
        series: 'clip_ready{function="clip",pod="a"}',
        values: `${value}x5`,
      });
      const cases = [
        { state: 'ready', input: [up, ready(1)], fires: [false, false] },
        { state: 'loading', input: [up, ready(0)], fires: [true, true] },
        { state: 'starting again and again', input: [{ ...up, values: '0x5' }], fires: [true, true] },
        { state: 'none there', input: [], fires: [true, false] },
      ];
      const tests = cases.map(({ state, input, fires }) => ({
        name: state,
        input_series: input,
        promql_expr_test: [always, toZero].map((expr, number) => ({
          expr: `count(${expr})`,
          eval_time: '3m',
          exp_samples: fires[number] === true ? [{ labels: '{}', value: 1 }] : [],
        })),
      }));
      const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
      writeFileSync(join(folder, 'tests.yml'), stringify({ evaluation_interval: '1m', tests }));
      const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', join(folder, 'tests.yml')], {
        encoding: 'utf8',
      });
      rmSync(folder, { recursive: true });
      expect(status, stdout + stderr).to.equal(0);
    });

    it(`and how replicas are scraped${promtool === undefined ? ' (skipped: no promtool on the PATH)' : ''}`, function () {
      if (promtool === undefined) this.skip();
      const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
      // Debian's Prometheus is built without Kubernetes: targets of its own stand in.
      const jobs = (parse(readFileSync('deploy/prometheus/scrape.yml', 'utf8')) as object[]).map((job) => ({
        ...job,
        kubernetes_sd_configs: undefined,
        static_configs: [{ targets: ['127.0.0.1:8080'] }],
      }));
      writeFileSync(join(folder, 'prometheus.yml'), stringify({ scrape_configs: jobs }));
      const args = ['check', 'config', '--syntax-only', join(folder, 'prometheus.yml')];
      const { status, stdout, stderr } = spawnSync(promtool, args, { encoding: 'utf8' });
      rmSync(folder, { recursive: true });
      expect(status, stdout + stderr).to.equal(0);
    });
  });
});
