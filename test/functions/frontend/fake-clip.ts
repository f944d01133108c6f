import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface AskedOfClip {
  readonly method: string;
  /** Below `/function/clip`, with the query. */
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export type Reply = (request: AskedOfClip, response: ServerResponse) => void;

const version = 'sha256:1234';
const HEADS = [
  { id: 'cifar100', title: 'Everyday things', labelCount: 100, accuracy: 0.651, costMs: 0.02 },
  { id: 'cat-dog', title: 'Cat or dog', labelCount: 2, accuracy: 0.98, costMs: 0.01 },
  { id: 'dog-breeds', title: 'Dog breeds', labelCount: 120, accuracy: 0.7, costMs: 0.03 },
].map((head) => ({ ...head, kind: 'zero-shot', version }));

const STATUS = {
  replica: 'clip-7d9f-1-0a1b2c3d',
  software: { version: '0.1.0', build: `sha256:${'ab12'.repeat(16)}` },
  model: { id: 'mini-clip', revision: `sha256:${'5678'.repeat(16)}`, title: 'Mini CLIP', embeddingSize: 384 },
  ready: true,
  uptimeSeconds: 7_512.3,
  requests: { '4xx': 7, '2xx': 1_234 },
  images: { hit: 200, miss: 1_000, shared: 3, failed: 5 },
  latencyMs: { p50: 24.31, p90: 41.5, p99: 120.04 },
  queue: { images: 2, maxImages: 64, bytes: 81_920, maxBytes: 67_108_864 },
  cache: { entries: 1_003, bytes: 1_700_000, maxBytes: 67_108_864 },
  memory: { residentBytes: 312_000_000, limitBytes: 536_870_912 },
};

const WORDS: Readonly<Record<string, readonly (readonly [string, number, number])[]>> = {
  cifar100: [
    ['wolf', 0.8123, 0.3127],
    ['fox', 0.1021, 0.2514],
    ['bear', 0.0411, 0.2209],
    ['skunk', 0.0102, -0.0417],
    ['rabbit', 0.0002, 0.1433],
  ],
  'cat-dog': [
    ['dog', 0.99999, 0.29],
    ['cat', 0.00001, 0.11],
  ],
  'dog-breeds': [
    ['samoyed', 0.4321, 0.2],
    ['dingo', 0.31, 0.19],
    ['boxer', 0.1, 0.15],
  ],
};

/** Stands for the function `clip` where a test is about its caller: it answers in the contract's shape, or as told. */
export class FakeClip {
  readonly asked: AskedOfClip[] = [];
  /** Heads whose labels do not fit. */
  readonly unsure = new Set<string>(['dog-breeds']);
  /** What `model` may name, the default one first. */
  models: readonly string[] = ['mini-clip'];
  /** Laid over the usual status. */
  status: Readonly<Record<string, unknown>> = {};
  /** Instead of the usual answer to a classification. */
  reply: Reply | undefined;
  /** Instead of the usual answers to everything else. */
  replyToRest: Reply | undefined;

  /** Requests for a classification. */
  get classifications(): readonly AskedOfClip[] {
    return this.asked.filter(({ method }) => method === 'POST');
  }

  answer(request: AskedOfClip, response: ServerResponse): void {
    this.asked.push(request);
    const { pathname } = new URL(request.url, 'http://clip');
    if (request.method === 'POST')
      (this.reply ?? classification(this.unsure, optionsOf(request)))(request, response);
    else if (this.replyToRest !== undefined) this.replyToRest(request, response);
    else if (pathname === '/heads') json(response, { heads: HEADS });
    else if (pathname === '/status') json(response, { ...STATUS, models: this.models, ...this.status });
    else
      json(response, {
        labels: wordsOf(pathname.slice(7)).map(([label]) => ({ label, seen: label !== 'fox' })),
      });
  }
}

/** A reply with this status and text, as a gateway or a watchdog gives it. */
export const plainReply =
  (status: number, text = ''): Reply =>
  (_request, response) => {
    response.writeHead(status).end(text);
  };

export const problemReply =
  (status: number, code: string, detail: string): Reply =>
  (_request, response) => {
    response.writeHead(status, { 'Content-Type': 'application/problem+json' });
    response.end(JSON.stringify({ type: 'about:blank', title: 'A problem', status, code, detail }));
  };

/** What was asked, in the query or in fields of a form. */
export function optionsOf({ url, body }: Pick<AskedOfClip, 'url' | 'body'>): URLSearchParams {
  const options = new URL(url, 'http://clip').searchParams;
  for (const [, name = '', value = ''] of body.toString().matchAll(/ name="(\w+)"\r\n\r\n(.*)\r\n/g)) {
    options.append(name, value);
  }
  return options;
}

function classification(unsure: ReadonlySet<string>, options: URLSearchParams): Reply {
  return (request, response) => {
    const labels = options.getAll('labels');
    const heads = labels.length > 0 ? ['labels'] : options.getAll('head');
    const results = (heads.length > 0 ? heads : ['cifar100']).map((head) => ({
      head,
      version,
      model: { id: 'mini-clip', revision: 'sha256:5678' },
      image: {
        sha256: createHash('sha256').update(request.body).digest('hex'),
        width: 640,
        height: 480,
        format: 'png',
      },
      predictions: predictions(head, labels).slice(0, Number(options.get('top') ?? 5)),
      confident: !unsure.has(head),
    }));
    response.setHeader('X-Cache', 'miss');
    response.setHeader('Server-Timing', 'encode;dur=5');
    json(response, results.length === 1 ? results[0] : { results });
  };
}

function predictions(head: string, labels: readonly string[]): readonly object[] {
  if (head === 'labels') {
    return labels.map((label, index) => ({
      label,
      score: index === 0 ? 0.9 : 0.1 / (labels.length - 1),
      similarity: 0.3 - index / 10,
      seen: label !== 'zorgle',
    }));
  }
  return wordsOf(head).map(([label, score, similarity]) => ({ label, score, similarity }));
}

function wordsOf(head: string): readonly (readonly [string, number, number])[] {
  return WORDS[head] ?? [];
}

function json(response: ServerResponse, value: unknown): void {
  response.setHeader('Content-Type', 'application/json');
  response.end(JSON.stringify(value));
}
