/**
 * Builds all images with faas-cli and Docker, prints their sizes, and tries each: read-only root, ordinary user, memory and
 * processor limits of the stack files, pictures under load. Exits with 1 when one does not hold, with 2 for wrong usage.
 */
import { parseArgs } from 'node:util';
import { readStackFile } from './gateway/stack-file.ts';
import { runProgram } from './images/docker.ts';
import { loadsByFunction } from './images/load.ts';
import { sizesTable, trialsTable, type ImageSize } from './images/report.ts';
import { tryImage, type Trial } from './images/try-image.ts';
import { runCommand } from './command/run-command.ts';
import { usageError, UserError } from './command/user-error.ts';

const PER_SECOND = 6;

const HELP = `Builds all images, prints their sizes, and tries each under load, within the limits of the stack files.

  npm run images                       build and try; wants faas-cli and a Docker engine
  npm run images -- --no-build         try those that are there
  npm run images -- --seconds 60       load for longer; default: 15`;

await runCommand(async ({ output, signal }) => {
  const values = readArguments();
  if (values.help) {
    output.write(`${HELP}\n`);
    return;
  }
  const functions = [
    ...(await readStackFile('stack.yml', process.env)),
    ...(await readStackFile('stack.trainer.yml', process.env)).filter(({ name }) => name === 'trainer'),
  ];
  if (!values['no-build']) {
    output.write('Building; the first time takes minutes.\n');
    await runProgram('faas-cli', ['build', '-f', 'stack.yml']);
    await runProgram('faas-cli', ['build', '-f', 'stack.trainer.yml', '--filter', 'trainer']);
  }
  const sizes = await Promise.all(functions.map(({ name, image }) => sizeOf(name, image)));
  output.write(`\n${sizesTable(sizes)}\n`);

  const loads = await loadsByFunction('.');
  const trials: Trial[] = [];
  for (const one of functions) {
    const load = loads[one.name];
    if (load === undefined) throw new Error(`Expected a load for ${one.name}.`);
    const options = { run: runProgram, seconds: Number(values.seconds), perSecond: PER_SECOND, signal };
    trials.push(await tryImage(one, load, options));
  }
  output.write(`\n${trialsTable(trials)}\n`);
  const faults = trials.flatMap(({ name, faults: lines }) => lines.map((text) => `${name} ${text}`));
  if (faults.length > 0) throw new UserError(faults.join('\n'));
});

function readArguments() {
  try {
    const { values } = parseArgs({
      options: {
        'no-build': { type: 'boolean', default: false },
        seconds: { type: 'string', default: '15' },
        help: { type: 'boolean', default: false },
      },
    });
    if (!/^[1-9]\d*$/.test(values.seconds))
      throw new Error(`Expected seconds such as 60 but received ${values.seconds}.`);
    return values;
  } catch (error) {
    throw usageError(error instanceof Error ? error.message : String(error), 'images');
  }
}

async function sizeOf(name: string, image: string): Promise<ImageSize> {
  const total = await runProgram('docker', ['image', 'inspect', '--format', '{{.Size}}', image]);
  const inside = await runProgram('docker', ['run', '--rm', '--entrypoint', 'du', image, '-sb', '/home/app']);
  return { name, totalBytes: Number(total), ownBytes: parseInt(inside, 10) };
}
