import { readFile } from 'node:fs/promises';
import type { StackFunction } from '../gateway/stack-file.ts';
import { Container } from './container.ts';
import type { RunProgram } from './docker.ts';
import { memoryBytes } from './limits.ts';
import { sendFor, type Load, type Rate } from './load.ts';

const MOST_OF_LIMIT = 0.8;

const STAND_IN = new URL('./stand-in-clip.ts', import.meta.url);
const STAND_IN_PORT = 9_000;
const gateway_url = `http://127.0.0.1:${STAND_IN_PORT}`;

/** Settings that stand in for what only a cluster has. */
const ALONE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  frontend: { gateway_url },
  clip: { STORE_URL: '' },
  trainer: { gateway_url, STORE_URL: 'lmdb:/tmp/store', TRAINER_TOKEN: 'images' },
};

export interface Trial {
  readonly name: string;
  readonly sent: number;
  readonly turnedAway: number;
  readonly peakBytes: number;
  readonly limitBytes: number;
  /** What is wrong, a line each; none when all is well. */
  readonly faults: readonly string[];
}

/** Runs an image with the limits of its stack file, sends it load, and looks at what became of it. */
export async function tryImage(
  stackFunction: StackFunction,
  load: Load,
  { run, ...rate }: Rate & { run: RunProgram },
): Promise<Trial> {
  const { name, image } = stackFunction;
  const limitBytes = memoryBytes(stackFunction.limits.memory ?? '');
  const container = await Container.start(stackFunction, ALONE[name] ?? {}, run);
  try {
    if (ALONE[name]?.gateway_url !== undefined) {
      const program = await readFile(STAND_IN, 'utf8');
      await container.accompany(image, program, { STAND_IN_PORT: String(STAND_IN_PORT) });
    }
    const { sent, turnedAway, wrong } = await sendFor(container.url, load, rate);
    const peakBytes = await container.peakBytes();
    return {
      name,
      sent,
      turnedAway,
      peakBytes,
      limitBytes,
      faults: [
        ...wrong.slice(0, 3).map((line) => `answered wrongly: ${line}`),
        ...(await confinementFaults(container)),
        ...(await contentFaults(name, container)),
        ...(peakBytes > 0 && peakBytes <= MOST_OF_LIMIT * limitBytes
          ? []
          : [`held ${peakBytes} bytes, more than ${MOST_OF_LIMIT * 100} % of ${limitBytes}`]),
      ],
    };
  } finally {
    await container.remove();
  }
}

async function confinementFaults(container: Container): Promise<readonly string[]> {
  const user = (await container.shell('id -u')).trim();
  const written = (await container.shell('touch /home/app/x 2>/dev/null && echo yes || echo no')).trim();
  return [
    ...(user === '1000' ? [] : [`runs as user ${user}, not 1000`]),
    ...(written === 'no' ? [] : ['can write to its root']),
  ];
}

/** Weights and ONNX Runtime belong to `clip` alone. */
async function contentFaults(name: string, container: Container): Promise<readonly string[]> {
  const find = 'find /home/app \\( -name "*.onnx" -o -name "onnxruntime*" \\) | head -n 1';
  const found = (await container.shell(find)).trim();
  if (name === 'clip') return found === '' ? ['carries no weights'] : [];
  return found === '' ? [] : [`carries ${found}`];
}
