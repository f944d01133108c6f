import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sharp from 'sharp';
import { createFunction as createClip } from '../../../functions/clip/handler.ts';
import { createFunction as createTrainer } from '../../../functions/trainer/handler.ts';
import type { ServedFunction } from '../../../shared/core/served-function.ts';
import type { Environment } from '../../../shared/core/settings.ts';
import { Contract } from '../clip/contract.ts';
import { FunctionGateway } from '../../fixtures/function-gateway.ts';
import { silentLog } from '../../fixtures/silent-log.ts';
import { makeTinyModels, type TinyModels } from '../../fixtures/tiny-bundle.ts';

export const TOKEN = 'a-token-of-the-test';

/** A busy machine takes its time: what is too late is for the tests of that to say. */
const PATIENCE = { training_budget: '100s', upload_budget: '100s', clip_timeout: '60s', queue_wait: '60s' };

/** trainer and clip (three colours, four numbers) on one embedded store, called without a socket of their own. */
export class TrainerUnderTest {
  readonly gateway: FunctionGateway;
  readonly directory: string;
  readonly #models: TinyModels;
  readonly #env: Environment;
  clip!: ServedFunction;
  trainer!: ServedFunction;
  /** All answers are held against it. */
  contract!: Contract;

  private constructor(
    gateway: FunctionGateway,
    models: TinyModels,
    { directory, env }: { directory: string; env: Environment },
  ) {
    this.gateway = gateway;
    this.directory = directory;
    this.#models = models;
    this.#env = env;
  }

  static async start(env: Environment = {}): Promise<TrainerUnderTest> {
    const [gateway, models, directory] = await Promise.all([
      FunctionGateway.start(),
      makeTinyModels(),
      mkdtemp(join(tmpdir(), 'trainer-')),
    ]);
    const own = new TrainerUnderTest(gateway, models, { directory, env });
    await own.startClip();
    await own.startTrainer();
    return own;
  }

  get settings(): Environment {
    return {
      STORE_URL: `lmdb:${join(this.directory, 'store')}`,
      secrets_dir: join(this.directory, 'secrets'),
      gateway_url: this.gateway.url,
      TRAINER_TOKEN: TOKEN,
      models_dir: this.#models.directory,
      CLIP_MODEL: 'tiny',
      encoder_threads: '1',
      ...PATIENCE,
      ...this.#env,
    };
  }

  async startClip(env: Environment = {}): Promise<void> {
    this.clip = await createClip({ ...this.settings, ...env }, silentLog);
    this.gateway.functions.set('clip', this.clip);
  }

  async startTrainer(env: Environment = {}): Promise<void> {
    this.trainer = await createTrainer({ ...this.settings, ...env }, silentLog);
    this.contract = await Contract.of(this.trainer);
  }

  /** With the token, unless `token` says otherwise. */
  async fetch(path: string, init: RequestInit & { token?: string | null } = {}): Promise<Response> {
    const { token = TOKEN, ...rest } = init;
    const headers = new Headers(rest.headers);
    if (token !== null) headers.set('Authorization', `Bearer ${token}`);
    const request = new Request(`http://trainer${path}`, { ...rest, headers });
    const response = await this.trainer.fetch(request);
    await this.contract.check(request, response);
    return response;
  }

  async add(head: string, label: string, pictures: readonly Uint8Array[]): Promise<UploadAnswer> {
    const query = new URLSearchParams({ label });
    const response = await this.fetch(`/heads/${head}/examples?${query.toString()}`, {
      method: 'POST',
      body: formOf(pictures),
    });
    expect(response.status).to.equal(200);
    return (await response.json()) as UploadAnswer;
  }

  /** Trains to the end. */
  async train(head: string, query = ''): Promise<readonly StreamEvent[]> {
    const response = await this.fetch(`/heads/${head}/train${query}`, {
      method: 'POST',
      headers: { Accept: 'text/event-stream' },
    });
    expect(response.status, await peek(response)).to.equal(200);
    return parseEvents(await response.text());
  }

  async classify(head: string, picture: Uint8Array): Promise<Response> {
    const body = new Uint8Array(picture);
    return this.clip.fetch(new Request(`http://clip/?head=${head}`, { method: 'POST', body }));
  }

  async stop(): Promise<void> {
    await this.trainer.close();
    await this.clip.close();
    await this.gateway.close();
    await this.#models.remove();
    await rm(this.directory, { recursive: true, force: true });
  }
}

export interface UploadAnswer {
  readonly head: string;
  readonly label: string;
  readonly pictures: readonly {
    readonly filename: string;
    readonly sha256: string;
    readonly status: string;
    readonly problem?: { readonly status: number; readonly code: string; readonly detail: string };
  }[];
}

export interface StreamEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export function parseEvents(text: string): readonly StreamEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      return { event, data: JSON.parse(data) as Record<string, unknown> };
    });
}

export function formOf(pictures: readonly Uint8Array[]): FormData {
  const form = new FormData();
  for (const [index, picture] of pictures.entries()) {
    form.append('image', new File([new Uint8Array(picture)], `${index}.png`));
  }
  return form;
}

/** Pictures of about one colour, no two alike. */
export function pictures(colour: { r: number; g: number; b: number }, count: number, from = 0) {
  return Promise.all(
    Array.from({ length: count }, async (_, at) => {
      const shade = (value: number) => Math.max(0, value - 2 * (at + from));
      const background = { r: shade(colour.r), g: shade(colour.g), b: shade(colour.b) };
      const image = sharp({ create: { width: 40, height: 30 + (from % 7), channels: 3, background } });
      return new Uint8Array(await image.png().toBuffer());
    }),
  );
}

export const ORANGE = { r: 240, g: 130, b: 0 };
export const TEAL = { r: 0, g: 150, b: 150 };
export const VIOLET = { r: 130, g: 0, b: 200 };

export async function expectProblem(
  response: Response,
  status: number,
): Promise<{ code: string; detail: string }> {
  expect(response.status, await peek(response)).to.equal(status);
  expect(response.headers.get('Content-Type')).to.equal('application/problem+json');
  const problem = (await response.json()) as { status: number; code: string; detail: string; callId: string };
  expect(problem.status).to.equal(status);
  expect(problem.callId).to.equal(response.headers.get('X-Call-Id'));
  expect(JSON.stringify(problem)).to.not.match(/node_modules|\.ts:|at async/);
  return problem;
}

/** Asks until it is so; the test's own limit ends it otherwise. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

async function peek(response: Response): Promise<string> {
  return response.status < 400 ? '' : response.clone().text();
}
