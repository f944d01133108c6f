import { expect } from 'chai';
import sharp from 'sharp';
import type { ServedFunction } from '../../../shared/core/served-function.ts';
import type { Environment } from '../../../shared/core/settings.ts';
import { createFunction } from '../../../functions/clip/handler.ts';
import { RecordedLog } from '../../fixtures/recorded-log.ts';
import { makeTinyModels, type TinyBundleOptions } from '../../fixtures/tiny-bundle.ts';
import { Contract } from './contract.ts';

type Body = NonNullable<RequestInit['body']>;

/** clip on a bundle of three colours, called without a socket; every answer is held against the API document. */
export interface ClipUnderTest {
  readonly served: ServedFunction;
  readonly contract: Contract;
  readonly log: RecordedLog;
  readonly modelsDir: string;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Posts bytes to `path`, `/` where it is left out. */
  post(body: Body, path?: string, headers?: Record<string, string>): Promise<Response>;
  stop(): Promise<void>;
}

/** @param prepare puts more into the models folder, before clip starts */
export async function startClip(
  env: Environment = {},
  bundle: TinyBundleOptions = {},
  prepare: (modelsDir: string) => Promise<void> = () => Promise.resolve(),
): Promise<ClipUnderTest> {
  const models = await makeTinyModels(bundle);
  await prepare(models.directory);
  const log = new RecordedLog();
  const settings = { models_dir: models.directory, CLIP_MODEL: 'tiny', encoder_threads: '1', ...env };
  const served = await createFunction(settings, log);
  return underTest(served, { log, modelsDir: models.directory, stop: () => models.remove() });
}

/** Wraps a function that was put together in another way. */
export async function underTest(
  served: ServedFunction,
  { log, modelsDir, stop }: { log: RecordedLog; modelsDir: string; stop: () => Promise<void> },
): Promise<ClipUnderTest> {
  const contract = await Contract.of(served);
  const fetch = async (path: string, init: RequestInit = {}) => {
    const request = new Request(`http://clip${path}`, init);
    const response = await served.fetch(request);
    await contract.check(request, response);
    return response;
  };
  return {
    served,
    contract,
    log,
    modelsDir,
    fetch,
    post: (body, path = '/', headers = {}) => fetch(path, { method: 'POST', body, headers, duplex: 'half' }),
    async stop() {
      await served.close();
      await stop();
    },
  };
}

type Colour = 'red' | 'green' | 'blue' | { r: number; g: number; b: number };

type Format = 'png' | 'jpeg' | 'webp' | 'gif' | 'avif' | 'tiff';

/** A picture of one colour. */
export function picture(
  background: Colour,
  { width = 40, height = 30, format = 'png' }: { width?: number; height?: number; format?: Format } = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const image = sharp({ create: { width, height, channels: 3, background: colourOf(background) } });
  return image
    .toFormat(format)
    .toBuffer()
    .then((buffer) => new Uint8Array(buffer));
}

function colourOf(colour: Colour) {
  if (typeof colour !== 'string') return colour;
  return { r: colour === 'red' ? 255 : 0, g: colour === 'green' ? 255 : 0, b: colour === 'blue' ? 255 : 0 };
}

/** A form with pictures and options, in the order given. */
export function form(
  entries: readonly (readonly [name: string, value: string | Uint8Array<ArrayBuffer>])[],
): FormData {
  const data = new FormData();
  for (const [name, value] of entries) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new File([value], 'picture'));
  }
  return data;
}

/** What tests look at of an answer, a problem or a list of them. */
export interface Answer {
  readonly head: string;
  readonly version: string;
  readonly model: { id: string; revision: string };
  readonly image: { sha256: string; width: number; height: number; format: string };
  readonly predictions: readonly { label: string; score: number; similarity?: number }[];
  readonly confident: boolean;
  readonly results: readonly Answer[];
  readonly images: readonly Partial<Answer & Problem>[];
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly callId: string;
  readonly errors: readonly { field: string; message: string }[];
}

export const answerOf = async (response: Response) => (await response.json()) as Answer;
export const problemOf = async (response: Response) => (await response.json()) as Problem;

/** A problem as the API promises it, and nothing of our inside in it. */
export async function expectProblem(response: Response, status: number): Promise<Problem> {
  expect(response.status).to.equal(status);
  expect(response.headers.get('Content-Type')).to.equal('application/problem+json');
  const problem = await problemOf(response);
  expect(problem).to.include({ status, callId: response.headers.get('X-Call-Id') });
  expect(JSON.stringify(problem)).to.not.match(/node_modules|\.ts:|at async/);
  return problem;
}
