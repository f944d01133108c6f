import { AppError, type FieldError } from '../../../shared/core/errors.ts';
import { detectFormat } from '../../../shared/core/image-signature.ts';
import { isMultipart, readMultipart } from '../../../shared/http/multipart.ts';
import { readBody, tooLarge } from '../../../shared/http/read-body.ts';
import { readJsonBody } from './json-body.ts';
import { fromPairs, mergeOptions, type RawOptions } from './raw-options.ts';

/** A picture's bytes, or what is wrong with this one among several. */
export type ReceivedImage = Uint8Array | AppError;

/** A request taken apart; nothing of it is judged yet but its size and form. */
export interface Received {
  readonly images: readonly ReceivedImage[];
  /** `texts` of a JSON body. */
  readonly texts: readonly unknown[] | undefined;
  /** Of the query and the body together. */
  readonly options: RawOptions;
  /** Invalid fields that were found on the way. */
  readonly errors: readonly FieldError[];
}

export interface ReceiveLimits {
  readonly maxUploadBytes: number;
  readonly maxRequestBytes: number;
  readonly maxImages: number;
  /** Told of each chunk; throws when there is no room for it. */
  readonly admit: (bytes: number) => void;
}

/** 256 labels in fields of their own, and room for the other options. */
const MAX_FIELDS = 300;
/** 256 labels of 200 characters of four bytes each, in one field. */
const MAX_FIELD_BYTES = 256 * 1_024;

/**
 * The pictures and options of a request: a multipart form, JSON, or else the bytes of one picture, whatever
 * `Content-Type` says (curl's is a form's, `faas-cli invoke` sends text/plain).
 * @throws AppError bad-request or body-too-large
 */
export async function receive(request: Request, limits: ReceiveLimits): Promise<Received> {
  const query = fromPairs(new URL(request.url).searchParams);
  if (isMultipart(request)) return receiveForm(request, limits, query);
  const isJson = /^application\/(?:[\w.+-]+\+)?json\b/i.test(request.headers.get('Content-Type') ?? '');
  const { maxRequestBytes, maxUploadBytes, admit } = limits;
  const bytes = await readBody(
    request,
    isJson ? { maxBytes: maxRequestBytes, admit } : { maxBytes: maxUploadBytes, what: 'an image', admit },
  );
  if (isBlank(bytes)) throw noImage();
  if (isJson && detectFormat(bytes) === undefined) return readJsonBody(bytes, query, maxUploadBytes);
  if (bytes.length > maxUploadBytes) throw tooLarge('an image', maxUploadBytes);
  return { images: [bytes], texts: undefined, options: query, errors: [] };
}

async function receiveForm(request: Request, limits: ReceiveLimits, query: RawOptions): Promise<Received> {
  const { files, fields } = await readMultipart(request, {
    maxFileBytes: limits.maxUploadBytes,
    maxRequestBytes: limits.maxRequestBytes,
    maxFiles: limits.maxImages,
    maxFields: MAX_FIELDS,
    maxFieldBytes: MAX_FIELD_BYTES,
    admit: limits.admit,
  });
  const errors: FieldError[] = files
    .filter(({ field }) => field !== 'image')
    .map(({ field }) => ({
      field: field === '' ? 'image' : field,
      message: `Expected pictures in the field \`image\` but received a file in ${JSON.stringify(field)}.`,
    }));
  const options = mergeOptions(query, fromPairs(fields), errors);
  const images = files
    .filter(({ field }) => field === 'image')
    .map(({ error, bytes }) => error ?? (isBlank(bytes) ? noImage() : bytes));
  if (images.length === 0 && errors.length === 0) throw noImage();
  return { images, texts: undefined, options, errors };
}

/** True for no bytes, and for nothing but blanks: `echo | faas-cli invoke clip` sends a line feed. */
function isBlank(bytes: Uint8Array): boolean {
  let at = 0;
  while (at < bytes.length && isBlankByte(bytes[at] ?? 0)) at += 1;
  return at === bytes.length;
}

function isBlankByte(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

export function noImage(): AppError {
  return new AppError('bad-request', 'Expected an image in the body but received none.', {
    fields: [{ field: 'image', message: 'Expected an image for `image` but received nothing.' }],
  });
}
