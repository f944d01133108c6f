import { open, type FileHandle } from 'node:fs/promises';
import type { BundleFile } from '../../shared/core/bundle.ts';
import { followRedirect } from './source-url.ts';
import { StallGuard } from './stall-guard.ts';
import { TransferError } from './transfer-error.ts';
import { UserError } from '../command/user-error.ts';

const MAX_REDIRECTS = 5;

export interface TransferOptions {
  /** Where the bytes go; what is there already is gone on from. */
  readonly path: string;
  /** Bytes that are there. */
  readonly from: number;
  /** Silence of the server, before its answer or within, that ends the transfer. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** Bytes of this file that are on disk now. */
  readonly onBytes: (bytes: number) => void;
}

/**
 * One request, written to disk as it comes: no more than `file.bytes`, whatever the server sends. Returns when the
 * file has its size and is on disk (fsync).
 * @throws TransferError when another attempt may do better, UserError when none will
 */
export async function transfer(url: URL, file: BundleFile, options: TransferOptions): Promise<void> {
  const stall = new StallGuard(options.stallMs, options.signal);
  let handle: FileHandle | undefined;
  try {
    const response = await request(url, options.from, stall.signal);
    const start = startOf(response, file, options.from);
    handle = await open(options.path, start === 0 ? 'w' : 'a');
    let size = start;
    for await (const chunk of response.body ?? []) {
      stall.moved();
      const bytes = chunk as Uint8Array;
      size += bytes.length;
      if (size > file.bytes) {
        await handle.truncate(start);
        throw new UserError(`Expected ${file.bytes} bytes for ${file.path} but received more.`);
      }
      await handle.appendFile(bytes);
      options.onBytes(size);
    }
    await handle.sync();
    if (size < file.bytes) {
      throw new TransferError(`The transfer of ${file.path} ended after ${size} of ${file.bytes} bytes.`);
    }
  } finally {
    stall.end();
    await handle?.close();
  }
}

async function request(url: URL, from: number, signal: AbortSignal): Promise<Response> {
  const headers = {
    'Accept-Encoding': 'identity',
    ...(from > 0 && { Range: `bytes=${from}-` }),
  };
  let at = url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await fetch(at, { headers, signal, redirect: 'manual' });
    if (![301, 302, 303, 307, 308].includes(response.status)) return response;
    await response.body?.cancel();
    at = followRedirect(at, response.headers.get('location'));
  }
  throw new UserError(`${url.href} redirects more than ${MAX_REDIRECTS} times.`);
}

/**
 * Where the bytes of this response belong: 0 also when the server cannot resume and sends the whole file.
 * @throws TransferError for what passes (408, 425, 429, 5xx, a range that does not fit); UserError for what does not
 */
function startOf(response: Response, file: BundleFile, from: number): number {
  const where = `${response.url} answered ${response.status}`;
  if (response.status === 206) {
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
    const total = range?.[2] === '*' ? file.bytes : Number(range?.[2]);
    if (total !== file.bytes) throw unexpectedSize(file, response.headers.get('content-range') ?? 'no range');
    if (Number(range?.[1]) === from) return from;
    throw new TransferError(`${where} with another range than bytes=${from}-.`);
  }
  if (response.status === 200) {
    const length = response.headers.get('content-length');
    if (length !== null && Number(length) !== file.bytes) throw unexpectedSize(file, `${length} bytes`);
    return 0;
  }
  if (response.status >= 500 || [408, 425, 429].includes(response.status)) {
    throw new TransferError(`${where}.`, { retryAfterMs: retryAfterMs(response) });
  }
  throw new UserError(`${where}. Is this the right source for ${file.path}?`);
}

function unexpectedSize(file: BundleFile, received: string): UserError {
  return new UserError(`Expected ${file.bytes} bytes for ${file.path} but the source has ${received}.`);
}

/** `Retry-After` in seconds; a date is not worth parsing here. */
function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.max(0, seconds * 1000) : 0;
}
