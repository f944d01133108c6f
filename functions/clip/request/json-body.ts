import { AppError, quote, type FieldError } from '../../../shared/core/errors.ts';
import { tooLarge } from '../../../shared/http/read-body.ts';
import { fromJson, mergeOptions, type RawOptions } from './raw-options.ts';
import type { Received, ReceivedImage } from './received.ts';

/**
 * `{"image": "<base64>", …options}` or, to embed, `{"texts": […]}`.
 * @throws AppError bad-request for what is no such object, body-too-large for a picture over its limit
 */
export function readJsonBody(bytes: Uint8Array, query: RawOptions, maxUploadBytes: number): Received {
  const { image, texts, ...members } = parseObject(bytes);
  const errors: FieldError[] = [];
  const options = mergeOptions(query, fromJson(members, errors), errors);
  const images: ReceivedImage[] = [];
  if (image !== undefined) {
    const decoded = decodeBase64(image);
    if (decoded === undefined) errors.push(notBase64(image));
    else if (decoded.length > maxUploadBytes) throw tooLarge('an image', maxUploadBytes);
    else images.push(decoded);
  }
  if (texts !== undefined && !Array.isArray(texts)) {
    errors.push({ field: 'texts', message: 'Expected a list of texts for `texts` but received other JSON.' });
  }
  return { images, texts: Array.isArray(texts) ? (texts as unknown[]) : undefined, options, errors };
}

function parseObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('bad-request', 'Expected JSON in the body but received something else.', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new AppError(
    'bad-request',
    'Expected a JSON object with `image` or `texts` but received other JSON.',
  );
}

/** Standard or URL-safe alphabet, line breaks allowed, with or without `data:…;base64,`. */
function decodeBase64(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replace(/^data:[\w.+/-]{0,100};base64,/, '').replace(/\s+/g, '');
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined;
}

function notBase64(value: unknown): FieldError {
  const received = typeof value === 'string' ? quote(value.slice(0, 40)) : 'other JSON';
  return { field: 'image', message: `Expected base64 for \`image\` but received ${received}.` };
}
