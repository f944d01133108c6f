/**
 * Runs one of artillery/*.yml and prints a summary in Markdown. Artillery has a lockfile of its own below artillery/ and is
 * installed when first used. Exits as Artillery does: non-zero when a threshold was missed; 2 for wrong usage.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { isHttpAddress } from '../shared/core/http-address.ts';
import { compareRuns, type Run } from './load/compare.ts';
import { mergeReports, reportLine, reportsIn } from './load/merge.ts';
import { parseReplicas, scaleTo } from './load/replicas.ts';
import { summarise, type ArtilleryReport } from './load/summary.ts';

const folder = resolve(import.meta.dirname, '../artillery');
const program = join(folder, 'node_modules/.bin/artillery');
const scenarios = readdirSync(folder)
  .filter((name) => name.endsWith('.yml'))
  .map((name) => name.replace(/\.yml$/, ''));

const USAGE = `Sends load to a running set of functions and sums up how it did.

  npm run load -- SCENARIO        ${scenarios.join(', ')}

  --target URL                    the gateway; default: http://127.0.0.1:8080
  --report FILE                   where Artillery's report goes; default: artillery/reports/SCENARIO.json
  --replicas 1,3                  once with one replica of clip, once with three, by kubectl, side by side
  --json                          the report on a line of its own as well, for --merge
  --merge                         sums up the reports of a log on standard input: several senders as one
  -- OPTIONS                      handed on to Artillery
  --help                          this text`;

const { values, positionals } = readArguments();
const [scenario = '', ...passedOn] = positionals;

if (values.help) console.log(USAGE);
else if (values.merge) await merge();
else process.exitCode = load();

function load(): number {
  if (!scenarios.includes(scenario)) {
    refuse(`Expected one of ${scenarios.join(', ')} but received ${JSON.stringify(scenario)}.`);
  }
  if (!isHttpAddress(values.target)) {
    refuse(`Expected an address such as http://127.0.0.1:8080 for --target but received ${values.target}.`);
  }
  if (!existsSync(program)) install();
  if (values.replicas === undefined) {
    const { code, report } = runScenario();
    if (report !== undefined) {
      console.log(`\n${summarise(report, { scenario, target: values.target })}`);
      if (values.json) console.log(reportLine(report));
    }
    return code;
  }
  return compare(replicasAsked(values.replicas));
}

function compare(replicas: readonly number[]): number {
  const runs: Run[] = [];
  const codes: number[] = [];
  for (const count of replicas) {
    scaleTo('clip', count, run);
    const startMs = performance.now();
    const { code, report } = runScenario(`-${count}`);
    const seconds = (performance.now() - startMs) / 1_000;
    codes.push(code);
    if (report !== undefined)
      runs.push({ title: `${count} replica${count === 1 ? '' : 's'}`, seconds, report });
  }
  console.log(`\n## ${scenario} against ${values.target}\n\n${compareRuns(runs)}`);
  return Math.max(...codes);
}

/** @param suffix of the report's name, where a scenario runs more than once */
function runScenario(suffix = ''): { code: number; report: ArtilleryReport | undefined } {
  const path = resolve(values.report ?? join(folder, 'reports', `${scenario}${suffix}.json`));
  mkdirSync(dirname(path), { recursive: true });
  const script = join(folder, `${scenario}.yml`);
  const code = run(program, ['run', script, '--target', values.target, '--output', path, ...passedOn]);
  const report = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as ArtilleryReport) : undefined;
  return { code, report };
}

async function merge(): Promise<void> {
  const reports = reportsIn(await text(process.stdin));
  if (reports.length === 0)
    refuse('Expected reports on standard input, of pods that ran with --json, but found none.');
  console.log(summarise(mergeReports(reports), { scenario: 'load', target: `${reports.length} senders` }));
}

function replicasAsked(asked: string): readonly number[] {
  try {
    return parseReplicas(asked);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        target: { type: 'string', default: 'http://127.0.0.1:8080' },
        report: { type: 'string' },
        replicas: { type: 'string' },
        json: { type: 'boolean', default: false },
        merge: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Artillery names a newer Node than the oldest that this repository takes, where it was found to run all the same. */
function install(): void {
  const code = run('npm', ['ci', '--no-audit', '--no-fund', '--engine-strict=false', '--prefix', folder]);
  if (code === 0) return;
  console.error('Artillery could not be installed; npm says above why.');
  process.exit(1);
}

function refuse(message: string): never {
  console.error(`${message}\nSee: npm run load -- --help`);
  process.exit(2);
}

function run(command: string, args: readonly string[]): number {
  const { status: code, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  return code ?? 1;
}
