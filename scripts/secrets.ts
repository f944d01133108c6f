/**
 * Makes the two secrets that stack.trainer.yml asks for, at the gateway that faas-cli is logged in to.
 *
 *   npm run secrets                            makes those that are missing, prints the token once
 *   npm run secrets -- --gateway URL --namespace NS
 *   npm run secrets -- --replace               makes both anew
 */
import { parseArgs } from 'node:util';
import { runCommand } from './command/run-command.ts';
import { UserError } from './command/user-error.ts';
import { faasCli } from './secrets/faas-cli.ts';
import { makeSecrets } from './secrets/make-secrets.ts';

await runCommand(async ({ output }) => {
  const { values } = parseArgs({
    options: {
      gateway: { type: 'string' },
      namespace: { type: 'string' },
      replace: { type: 'boolean' },
    },
  });
  const { gateway, namespace, replace = false } = values;
  const where = [
    ...(gateway === undefined ? [] : ['--gateway', gateway]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
  ];
  const lines = await makeSecrets({ run: faasCli('faas-cli'), where, replace }).catch((error: unknown) => {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  output.write(`${lines.join('\n')}\n`);
});
