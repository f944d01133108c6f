import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { BundleFile } from '../../shared/core/bundle.ts';
import { sha256OfFile } from '../../shared/io/sha256.ts';
import { transfer } from './transfer.ts';
import { TransferError } from './transfer-error.ts';
import { UserError } from '../command/user-error.ts';

/** How patient a download is. Tests pass their own. */
export interface Patience {
  /** Silence of the server, before its answer or within, that ends an attempt. */
  readonly stallMs: number;
  /** Attempts in a row that may bring nothing new. */
  readonly attempts: number;
  /** Pause after the first failure; doubled after each further one in a row, up to `maxPauseMs`. */
  readonly pauseMs: number;
  readonly maxPauseMs: number;
}

export const PATIENCE: Patience = { stallMs: 30_000, attempts: 6, pauseMs: 1_000, maxPauseMs: 30_000 };

/** Attempts of one file in all, however much each brings: a server that sends a byte at a time is no source. */
const MAX_ATTEMPTS = 100;
/** A file whose hash is wrong is fetched anew this often: a broken transfer mends, a wrong file does not. */
const MAX_WHOLE_FETCHES = 2;

export interface DownloadOptions {
  readonly signal: AbortSignal;
  readonly patience: Patience;
  /** Bytes of this file that are on disk now. */
  readonly onBytes: (bytes: number) => void;
  /** Called before a pause, with what went wrong. */
  readonly onRetry: (message: string) => void;
}

/**
 * Fetches one file to `path`, going on where an earlier attempt or process stopped. When it returns, the file is on
 * disk (fsync) with the size and SHA-256 of `file`.
 * @throws UserError when the server refuses, sends something else, or patience ends; what came so far stays
 */
export async function downloadFile(
  url: URL,
  file: BundleFile,
  options: DownloadOptions & { path: string },
): Promise<void> {
  await mkdir(dirname(options.path), { recursive: true });
  for (let fetches = 1; ; fetches++) {
    await complete(url, file, options);
    const sha256 = await sha256OfFile(options.path);
    if (sha256 === file.sha256) return;
    await rm(options.path);
    options.onBytes(0);
    const message = `Expected SHA-256 ${file.sha256} for ${file.path} but received ${sha256}.`;
    if (fetches === MAX_WHOLE_FETCHES) throw new UserError(`${message} The source does not have this file.`);
    options.onRetry(`${message} Fetching it again.`);
  }
}

/** Attempts until the file has its size. */
async function complete(url: URL, file: BundleFile, options: DownloadOptions & { path: string }) {
  let before = await sizeOf(options.path, file.bytes);
  options.onBytes(before);
  if (before === file.bytes && before > 0) return;
  for (let failures = 0, all = 1; ; all++) {
    options.signal.throwIfAborted();
    const { stallMs } = options.patience;
    const failure = await transfer(url, file, { ...options, from: before, stallMs }).then(
      () => undefined,
      (error: unknown) => asTransferError(error, url, options.signal),
    );
    if (failure === undefined) return;
    const now = await sizeOf(options.path, file.bytes);
    failures = now > before ? 0 : failures + 1;
    before = now;
    if (failures >= options.patience.attempts || all >= MAX_ATTEMPTS) {
      throw new UserError(
        `${failure.message} Given up after ${all} attempts; the same command goes on. Without a network: --from DIR.`,
      );
    }
    await pause(failure, failures, options);
  }
}

/** A size on disk that can be gone on from: 0 for no file, or one that is too long. */
async function sizeOf(path: string, limit: number): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && found.size <= limit ? found.size : 0;
}

/** Errors of the network pass; the user's own, and an abort, are thrown on. */
function asTransferError(error: unknown, url: URL, signal: AbortSignal): TransferError {
  signal.throwIfAborted();
  if (error instanceof TransferError) return error;
  if (error instanceof UserError || (error as NodeJS.ErrnoException).syscall === 'write') throw error;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const reason = cause instanceof Error ? cause.message || String((cause as NodeJS.ErrnoException).code) : '';
  return new TransferError(`${url.href} could not be read (${reason}).`, { cause: error });
}

async function pause(failure: TransferError, failures: number, options: DownloadOptions): Promise<void> {
  const { pauseMs, maxPauseMs } = options.patience;
  const wait = Math.min(maxPauseMs, Math.max(failure.retryAfterMs, pauseMs * 2 ** Math.max(0, failures - 1)));
  options.onRetry(`${failure.message} Trying again in ${Math.ceil(wait / 1000)} s.`);
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      options.signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, wait);
    options.signal.addEventListener('abort', end);
  });
}
