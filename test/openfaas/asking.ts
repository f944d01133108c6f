import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GATEWAY } from './gateway-process.ts';
import { ROOT } from './world.ts';

/** One of the page's own samples. */
export function photo(name = 'two-dogs'): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(join(ROOT, 'functions/frontend/assets/samples', `${name}.jpg`)).then(
    (b) => new Uint8Array(b),
  );
}

/** A picture posted as raw bytes to a function through the gateway. */
export function classify(
  picture: Uint8Array<ArrayBuffer>,
  options: { query?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${GATEWAY}/function/clip${options.query ?? ''}`, {
    method: 'POST',
    body: picture,
    headers: { 'Content-Type': 'image/jpeg', ...options.headers },
  });
}

/** A picture uploaded as the page does it; `base` is the gateway's address of `frontend` unless another is given. */
export function upload(
  picture: Uint8Array<ArrayBuffer>,
  options: { base?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  const form = new FormData();
  form.append('image', new Blob([picture]), 'photo.jpg');
  form.append('head', 'cifar100');
  const base = options.base ?? `${GATEWAY}/function/frontend`;
  return fetch(`${base}/classify`, {
    method: 'POST',
    body: form,
    headers: { Accept: 'application/json', ...options.headers },
  });
}

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly callId?: string;
}

/** @throws Error for anything but problem details */
export async function problemOf(response: Response): Promise<Problem> {
  const type = response.headers.get('Content-Type') ?? '';
  const body = await response.text();
  if (!type.startsWith('application/problem+json')) {
    throw new Error(
      `Expected problem details but received ${response.status} ${type}: ${body.slice(0, 300)}`,
    );
  }
  return JSON.parse(body) as Problem;
}
