/**
 * Looks at a deployed set of functions from outside, as people and programs meet it. Exits with 1 when something is
 * wrong, with 2 for wrong usage.
 *
 *   npm run smoke -- --gateway https://gateway.example.com
 */
import { parseArgs } from 'node:util';
import { isHttpAddress } from '../shared/core/http-address.ts';
import { runCommand } from './command/run-command.ts';
import { usageError, UserError } from './command/user-error.ts';
import { runChecks, type Outcome } from './smoke/check.ts';
import { CHECKS } from './smoke/checks.ts';

const MARKS: Readonly<Record<Outcome['result'], string>> = { well: '✔', wrong: '✘', 'left out': '–' };

const HELP = `Looks at a deployed set of functions from outside.

  npm run smoke -- --gateway URL    default: OPENFAAS_URL, else http://127.0.0.1:8080`;

await runCommand(async ({ env, output }) => {
  const { gateway, help } = readArguments();
  if (help) {
    output.write(`${HELP}\n`);
    return;
  }
  const url = gateway ?? env.OPENFAAS_URL ?? 'http://127.0.0.1:8080';
  if (!isHttpAddress(url))
    throw usageError(`Expected an address such as http://127.0.0.1:8080 but received ${url}.`, 'smoke');
  const outcomes = await runChecks(CHECKS, url, ({ title, result, note }) => {
    output.write(`${MARKS[result]} ${title}: ${note}\n`);
  });
  const wrong = outcomes.filter(({ result }) => result === 'wrong').length;
  const unmade = CHECKS.length - outcomes.length;
  if (unmade > 0)
    throw new UserError(`Nothing else can be checked before that: ${unmade} checks were not made.`);
  if (wrong > 0) throw new UserError(`${wrong} of ${outcomes.length} checks failed.`);
  output.write('All is well.\n');
});

function readArguments() {
  try {
    const options = { gateway: { type: 'string' }, help: { type: 'boolean', default: false } } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), 'smoke');
  }
}
