import type { Readable } from 'node:stream';
import busboy from 'busboy';
import { AppError, quote } from '../core/errors.ts';
import { bodyChunks, concatenate, tooLarge, type BodyLimit } from './read-body.ts';

/** No option's name comes near it; busboy itself bounds a part's header at 16 KiB only. */
const MAX_NAME_LENGTH = 100;
const NAME_TOO_LONG = `Expected form field names of at most ${MAX_NAME_LENGTH} characters but received a longer one.`;

/** A file of a form. Over the limit its bytes are dropped and `error` says so; the rest of the form stands. */
export interface FormFile {
  /** Name of the form field; empty where the part had none. */
  readonly field: string;
  readonly filename: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
  readonly error?: AppError;
}

export interface Form {
  /** In the order in which they came. */
  readonly files: readonly FormFile[];
  /** Name and value, in order, repeats and all: never an object, so that no name can reach a prototype. */
  readonly fields: readonly (readonly [name: string, value: string])[];
}

export interface FormLimits {
  /** Bytes of one file. */
  readonly maxFileBytes: number;
  /** Bytes of the whole form. */
  readonly maxRequestBytes: number;
  readonly maxFiles: number;
  readonly maxFields: number;
  /** Bytes of one field's value. */
  readonly maxFieldBytes: number;
  readonly admit?: BodyLimit['admit'];
  /**
   * Asked as a file begins: false lets it pass by unread, and it is not listed. For whoever holds one picture only.
   * @param index of the file in the form, from 0
   */
  readonly keepFile?: (file: { field: string; filename: string; index: number }) => boolean;
  /** Told of each field as it comes; an error that it throws refuses the form. */
  readonly onField?: (name: string, value: string) => void;
  /** Told of each file as soon as it is whole, while the rest of the form still comes in. */
  readonly onFile?: (file: FormFile) => void;
}

/** What busboy really gives: a part may come without a file name. */
interface FileHeader {
  readonly filename?: string;
  readonly mimeType: string;
}

/** Whether the request says that it carries a form with files. */
export function isMultipart(request: Request): boolean {
  return /^multipart\/form-data\b/i.test(request.headers.get('Content-Type') ?? '');
}

/**
 * A `multipart/form-data` body, parsed as it streams in.
 * @throws AppError `bad-request` for a malformed form, too many parts or a field that is too long,
 *         `body-too-large` for a form over `maxRequestBytes` (a single file over its limit is no throw, see FormFile)
 */
export async function readMultipart(request: Request, limits: FormLimits): Promise<Form> {
  const files: FormFile[] = [];
  const fields: [string, string][] = [];
  const parser = openParser(request, limits);
  const finished = new Promise<void>((resolve, reject) => {
    // Not once: busboy names each malformed part, and then the missing end. An error without a listener ends the process.
    parser.once('close', resolve).on('error', (error: Error) => {
      reject(error);
      parser.destroy();
    });
  });
  // Handled below by whoever awaits it; without this a failure while chunks still come would be an unhandled one.
  finished.catch(() => undefined);
  const fail = (message: string) => parser.destroy(new AppError('bad-request', message));

  const keep = (file: FormFile) => {
    files.push(file);
    limits.onFile?.(file);
  };
  const keepField = (name: string, value: string) => {
    fields.push([name, value]);
    try {
      limits.onField?.(name, value);
    } catch (error) {
      parser.destroy(error as Error);
    }
  };
  let index = 0;
  parser.on('file', (field: string | undefined, stream: Readable, info: FileHeader) => {
    const file = { field: field ?? '', filename: info.filename ?? '', mimeType: info.mimeType };
    const isKept = limits.keepFile?.({ ...file, index }) ?? true;
    index += 1;
    if (isKept) collect(stream, { ...file, maxBytes: limits.maxFileBytes }, keep);
    else stream.on('error', () => undefined).resume();
  });
  // No value comes of a part whose charset busboy does not read.
  parser.on('field', (name: string | undefined, value: string | undefined, info: busboy.FieldInfo) => {
    if ((name?.length ?? 0) > MAX_NAME_LENGTH) fail(NAME_TOO_LONG);
    else if (value === undefined) {
      fail(`Expected form field ${quote(name)} as UTF-8 but received it in another charset.`);
    } else if (info.valueTruncated) {
      fail(`Expected at most ${limits.maxFieldBytes} bytes for form field ${quote(name)} but received more.`);
    } else keepField(name ?? '', value);
  });
  parser.on('filesLimit', () => fail(`Expected at most ${limits.maxFiles} files but received more.`));
  parser.on('partsLimit', () => fail(`Expected at most ${partsOf(limits)} parts but received more.`));
  parser.on('fieldsLimit', () => fail(`Expected at most ${limits.maxFields} form fields but received more.`));

  try {
    await feed(parser, bodyChunks(request, { maxBytes: limits.maxRequestBytes, admit: limits.admit }));
    await finished;
  } catch (error) {
    throw asAppError(error);
  }
  return { files, fields };
}

function openParser(request: Request, limits: FormLimits): busboy.Busboy {
  try {
    return busboy({
      headers: { 'content-type': request.headers.get('Content-Type') ?? '' },
      // Browsers write file names as UTF-8 without saying so.
      defParamCharset: 'utf8',
      limits: {
        fieldSize: limits.maxFieldBytes,
        fields: limits.maxFields,
        // One byte more than allowed, so that the cut shows: busboy raises no error for a file that it cut.
        fileSize: limits.maxFileBytes + 1,
        files: limits.maxFiles,
        // One more than allowed: busboy speaks up as soon as the last allowed part ends.
        parts: partsOf(limits) + 1,
      },
    });
  } catch (error) {
    throw asAppError(error);
  }
}

/** Parts that are neither a file nor a field of a form count as well. */
function partsOf({ maxFiles, maxFields }: FormLimits): number {
  return maxFiles + maxFields;
}

async function feed(parser: busboy.Busboy, chunks: AsyncGenerator<Uint8Array, void>): Promise<void> {
  try {
    for await (const chunk of chunks) {
      if (parser.destroyed) return;
      if (!parser.write(chunk)) await drained(parser);
    }
    parser.end();
  } catch (error) {
    parser.destroy();
    throw error;
  }
}

/** Resolves when the parser takes more, and also when it never will. */
function drained(parser: busboy.Busboy): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      parser.off('drain', done).off('close', done);
      resolve();
    };
    parser.on('drain', done).on('close', done);
    if (parser.destroyed) done();
  });
}

function collect(
  stream: Readable,
  file: { field: string; filename: string; mimeType: string; maxBytes: number },
  keep: (whole: FormFile) => void,
): void {
  const { maxBytes, ...description } = file;
  const chunks: Uint8Array[] = [];
  let total = 0;
  stream.on('data', (chunk: Uint8Array) => {
    total += chunk.byteLength;
    if (total <= maxBytes) chunks.push(chunk);
    else chunks.length = 0;
  });
  stream.on('error', () => undefined);
  stream.on('end', () => {
    const error = total > maxBytes ? { error: tooLarge(`a file in \`${description.field}\``, maxBytes) } : {};
    keep({ ...description, bytes: concatenate(chunks), ...error });
  });
}

function asAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new AppError(
    'bad-request',
    `Expected a well-formed multipart form but received one with: ${reason}.`,
    {
      cause: error,
    },
  );
}
