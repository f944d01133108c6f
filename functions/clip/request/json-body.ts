import { AppError, quote, type FieldError } from '../../../shared/core/errors.ts';
import { tooLarge } from '../../../shared/http/read-body.ts';
import { fromJson, mergeOptions, type RawOptions } from './raw-options.ts';
import type { Received, ReceivedImage } from './received.ts';

/** 256 texts of 1,000 commas each have fewer. What has more is no request, and would take seconds to parse. */
const MAX_MARKS = 300_000;
const MARKS = Array.from('[{,:', (mark) => mark.charCodeAt(0));
/** There are six options; who misspells them, or sends more, is told of each one. */
const MAX_MEMBERS = 100;

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
  if (hasTooManyMarks(bytes)) throw tooManyMembers();
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new AppError('bad-request', 'Expected JSON in the body but received something else.', { cause });
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    if (Object.keys(value).length > MAX_MEMBERS) throw tooManyMembers();
    return value as Readonly<Record<string, unknown>>;
  }
  throw new AppError(
    'bad-request',
    'Expected a JSON object with `image` or `texts` but received other JSON.',
  );
}

/** Counted before the parser sees them: it holds up all requests while it works. */
function hasTooManyMarks(bytes: Uint8Array): boolean {
  if (bytes.length <= MAX_MARKS) return false;
  let marks = 0;
  // Searched for, not looked at one by one: that would take half a second for the longest body.
  for (const mark of MARKS) {
    for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + 1)) {
      marks += 1;
      if (marks > MAX_MARKS) return true;
    }
  }
  return false;
}

function tooManyMembers(): AppError {
  return new AppError('bad-request', 'Expected a JSON object with few members but received very many.');
}

/** Standard or URL-safe alphabet, line breaks allowed, with or without `data:…;base64,`. */
function decodeBase64(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replace(/^data:[^,]{0,200};base64,/i, '');
  // Blanks are left to the decoder: to take them out of a body that is half blanks would take seconds.
  const end = text.search(/[^A-Za-z0-9+/_\s-]/);
  const padding = end < 0 ? '' : text.slice(end);
  const isBase64 = /^\s*[^\s=]/.test(text) && /^(?:=\s*){0,2}$/.test(padding);
  return isBase64 ? Buffer.from(text, 'base64') : undefined;
}

function notBase64(value: unknown): FieldError {
  const received = typeof value === 'string' ? quote(value.slice(0, 40)) : 'other JSON';
  return { field: 'image', message: `Expected base64 for \`image\` but received ${received}.` };
}
