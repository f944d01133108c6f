import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { buildFunction } from '../../template/typescript/build.mjs';

/** Longest wait for a first answer: a machine that needs more has another trouble. */
const START_LIMIT_MS = 60_000;
const MAX_ERRORS = 2_000;

export interface ClipProcessOptions {
  readonly modelsDir: string;
  readonly model: string;
  /** The built server.js. */
  readonly script: string;
}

export interface Answer {
  readonly status: number;
  readonly ms: number;
  readonly cache: string;
}

/** Builds the clip function as an image does. @returns the path of server.js */
export async function buildClip(outDir: string): Promise<string> {
  await buildFunction({ functionDir: resolve('functions/clip'), outDir: resolve(outDir) });
  return join(resolve(outDir), 'server.js');
}

/** The served function as a process of its own, with nothing between it and its caller. */
export class ClipProcess {
  readonly #child: ChildProcess;
  readonly #url: string;
  /** The end of what it wrote to its error output. */
  #errors = '';

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-MAX_ERRORS);
    });
    this.#url = `http://127.0.0.1:${port}/`;
  }

  /** Starts it and returns at once; it may not listen yet. */
  static async start({ modelsDir, model, script }: ClipProcessOptions): Promise<ClipProcess> {
    const port = await freePort();
    const env = {
      ...process.env,
      http_port: String(port),
      log_level: 'error',
      models_dir: modelsDir,
      CLIP_MODEL: model,
    };
    return new ClipProcess(
      spawn(process.execPath, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] }),
      port,
    );
  }

  /**
   * Posts until there is an answer.
   * @throws Error when the process ends, or nothing comes for a minute
   */
  async firstAnswer(picture: Uint8Array): Promise<Answer> {
    const until = performance.now() + START_LIMIT_MS;
    while (performance.now() < until) {
      if (this.#child.exitCode !== null) {
        throw new Error(`The clip function ended before its first answer.\n${this.#errors}`.trim());
      }
      const answer = await this.post(picture).catch(() => undefined);
      if (answer?.status === 200) return answer;
      await new Promise((done) => setTimeout(done, 5));
    }
    throw new Error('The clip function did not answer within a minute.');
  }

  async post(body: Uint8Array, query = ''): Promise<Answer> {
    const started = performance.now();
    const response = await fetch(this.#url + query, { method: 'POST', body: Uint8Array.from(body) });
    await response.arrayBuffer();
    const ms = performance.now() - started;
    return { status: response.status, ms, cache: response.headers.get('x-cache') ?? '' };
  }

  /** Resident memory in bytes, now and at its greatest; zeros where the system does not say. */
  async memory(): Promise<{ now: number; greatest: number }> {
    const text = await readFile(`/proc/${this.#child.pid ?? 0}/status`, 'utf8').catch(() => '');
    const bytes = (name: string) =>
      1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
    return { now: bytes('VmRSS'), greatest: bytes('VmHWM') };
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
