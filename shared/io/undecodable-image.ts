import { AppError } from '../core/errors.ts';
import type { ImageFormat } from '../core/image-format.ts';

/** libvips' own preamble, which says no more than the rest. */
const PREAMBLE = /^Input buffer (has corrupt header|contains unsupported image format):?\s*/;

/** Why a decoder gave up, as the caller may read it: the first line of its reason, printable, at most 120 characters. */
export function undecodable(error: unknown, format: ImageFormat): AppError {
  if (error instanceof AppError) return error;
  const reason = (error instanceof Error ? error.message : String(error)).replace(PREAMBLE, '').trim();
  const [line = ''] = reason.split('\n');
  const printable = line.replace(/[^\x20-\x7e]/g, '?').slice(0, 120) || 'its header is damaged';
  const message = `Expected a ${format} that can be decoded for \`image\` but received one that cannot be: ${printable}.`;
  return new AppError('undecodable-image', message, { cause: error });
}

export function tooManyPixels(size: { width: number; height: number }, maxPixels: number): AppError {
  return new AppError(
    'undecodable-image',
    `Expected at most ${maxPixels} pixels for \`image\` but received ${size.width} × ${size.height}.`,
  );
}

export function tooSlow(format: ImageFormat, timeoutMs: number): AppError {
  return new AppError(
    'undecodable-image',
    `Expected an image that is decoded within ${timeoutMs / 1000} s for \`image\` but received a ${format} that takes longer.`,
  );
}
