/**
 * Runs one of artillery/*.yml and prints a summary in Markdown. Artillery has a lockfile of its own below artillery/ and is
 * installed when first used. Exits as Artillery does: non-zero when a threshold was missed; 2 for wrong usage.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
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
  -- OPTIONS                      handed on to Artillery
  --help                          this text`;

const { values, positionals } = readArguments();
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}
const [scenario = '', ...passedOn] = positionals;

if (!scenarios.includes(scenario)) {
  refuse(`Expected one of ${scenarios.join(', ')} but received ${JSON.stringify(scenario)}.`);
}
if (!existsSync(program)) install();

const report = resolve(values.report ?? join(folder, 'reports', `${scenario}.json`));
mkdirSync(dirname(report), { recursive: true });
const script = join(folder, `${scenario}.yml`);
const status = run(program, ['run', script, '--target', values.target, '--output', report, ...passedOn]);
if (existsSync(report)) {
  const content = JSON.parse(readFileSync(report, 'utf8')) as ArtilleryReport;
  console.log(`\n${summarise(content, { scenario, target: values.target })}`);
}
process.exit(status);

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        target: { type: 'string', default: 'http://127.0.0.1:8080' },
        report: { type: 'string' },
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
