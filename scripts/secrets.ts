/** Makes the two secrets that stack.trainer.yml asks for, at the gateway that faas-cli is logged in to. */
import { parseArgs } from 'node:util';
import { runCommand } from './command/run-command.ts';
import { usageError, UserError } from './command/user-error.ts';
import { faasCli } from './secrets/faas-cli.ts';
import { makeSecrets } from './secrets/make-secrets.ts';

const HELP = `Makes the secrets of stack.trainer.yml: trainer-token and store-password.

  npm run secrets                   those that are missing; prints the token, once

  --gateway URL                     default: OPENFAAS_URL, else faas-cli's own
  --namespace NAME                  of the functions; default: the gateway's own
  --replace                         makes both anew, and says what must be started again then
  --help                            this text`;

await runCommand(async ({ output }) => {
  const { gateway, namespace, replace, help } = readArguments();
  if (help) {
    output.write(`${HELP}\n`);
    return;
  }
  const where = [
    ...(gateway === undefined ? [] : ['--gateway', gateway]),
    ...(namespace === undefined ? [] : ['--namespace', namespace]),
  ];
  const lines = await makeSecrets({ run: faasCli('faas-cli'), where, replace }).catch((error: unknown) => {
    throw new UserError(error instanceof Error ? error.message : String(error), { cause: error });
  });
  output.write(`${lines.join('\n')}\n`);
});

function readArguments() {
  try {
    const options = {
      gateway: { type: 'string' },
      namespace: { type: 'string' },
      replace: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ options }).values;
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), 'secrets');
  }
}
