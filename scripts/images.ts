/**
 * Builds all images with faas-cli and Docker, prints their sizes, and tries each: read-only root, ordinary user, memory and
 * processor limits of the stack files, pictures under load. Exits with 1 when one does not hold.
 *
 *   npm run images                       build and try
 *   npm run images -- --no-build         try those that are there
 *   npm run images -- --seconds 30       load for longer
 */
import { parseArgs } from 'node:util';
import { readStackFile } from './gateway/stack-file.ts';
import { runProgram } from './images/docker.ts';
import { loadsByFunction } from './images/load.ts';
import { sizesTable, trialsTable, type ImageSize } from './images/report.ts';
import { tryImage, type Trial } from './images/try-image.ts';
import { runCommand } from './command/run-command.ts';
import { UserError } from './command/user-error.ts';

const PER_SECOND = 6;

await runCommand(async ({ output }) => {
  const { values } = parseArgs({
    options: {
      'no-build': { type: 'boolean', default: false },
      seconds: { type: 'string', default: '15' },
    },
  });
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
    const options = { run: runProgram, seconds: Number(values.seconds), perSecond: PER_SECOND };
    trials.push(await tryImage(one, load, options));
  }
  output.write(`\n${trialsTable(trials)}\n`);
  const faults = trials.flatMap(({ name, faults: lines }) => lines.map((text) => `${name} ${text}`));
  if (faults.length > 0) throw new UserError(faults.join('\n'));
});

async function sizeOf(name: string, image: string): Promise<ImageSize> {
  const total = await runProgram('docker', ['image', 'inspect', '--format', '{{.Size}}', image]);
  const inside = await runProgram('docker', ['run', '--rm', '--entrypoint', 'du', image, '-sb', '/home/app']);
  return { name, totalBytes: Number(total), ownBytes: parseInt(inside, 10) };
}
