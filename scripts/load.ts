/**
 * npm run load -- SCENARIO [--target URL] [--report FILE] [-- ARTILLERY-OPTIONS]
 *
 * Runs one of artillery/*.yml and prints a summary in Markdown. Artillery has a lockfile of its own below artillery/ and is
 * installed when first used. Exits as Artillery does: non-zero when a threshold was missed.
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    target: { type: 'string', default: 'http://127.0.0.1:8080' },
    report: { type: 'string' },
  },
});
const [scenario = '', ...passedOn] = positionals;

if (!scenarios.includes(scenario)) {
  console.error(`Expected one of ${scenarios.join(', ')} but received ${JSON.stringify(scenario)}.`);
  process.exit(2);
}
if (!existsSync(program)) run('npm', ['ci', '--no-audit', '--no-fund', '--prefix', folder]);

const report = resolve(values.report ?? join(folder, 'reports', `${scenario}.json`));
mkdirSync(dirname(report), { recursive: true });
const script = join(folder, `${scenario}.yml`);
const status = run(program, ['run', script, '--target', values.target, '--output', report, ...passedOn]);
if (existsSync(report)) {
  const content = JSON.parse(readFileSync(report, 'utf8')) as ArtilleryReport;
  console.log(`\n${summarise(content, { scenario, target: values.target })}`);
}
process.exit(status);

function run(command: string, args: readonly string[]): number {
  const { status: code, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) throw error;
  return code ?? 1;
}
