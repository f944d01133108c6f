import { AppError } from '../../../shared/core/errors.ts';
import { isMultipart, readMultipart, type Form } from '../../../shared/http/multipart.ts';
import type { BytesHeld } from '../../../shared/http/bytes-in-flight.ts';
import type { FrontendConfig } from '../config.ts';

export interface ClassificationForm {
  /** The one picture; undefined where the form brought none. */
  readonly picture: Uint8Array | undefined;
  readonly fields: Form['fields'];
}

/** Own labels may come one a field: 256 of them, and some options. */
const MAX_FIELDS = 300;
/** 256 labels of 200 characters of up to 4 bytes, with commas between, may come in one field. */
const MAX_FIELD_BYTES = 256 * 1_024;

/**
 * Reads the form as it streams in; of files, only one picture is ever held.
 * @throws AppError `bad-request`, `body-too-large`, or `busy` when too much is held already
 */
export async function readClassificationForm(
  request: Request,
  config: FrontendConfig,
  held: BytesHeld,
): Promise<ClassificationForm> {
  if (!isMultipart(request)) {
    throw new AppError(
      'bad-request',
      'Expected a form (multipart/form-data) with a picture in the field `image`. For raw bytes ask the function `clip`.',
    );
  }
  let pictures = 0;
  const form = await readMultipart(request, {
    maxFileBytes: config.maxUploadBytes,
    maxRequestBytes: config.maxRequestBytes,
    maxFiles: 8,
    maxFields: MAX_FIELDS,
    maxFieldBytes: MAX_FIELD_BYTES,
    admit: (bytes) => held.admit(bytes),
    // An untouched file field comes as a file without name and content.
    keepFile: ({ field, filename }) => field === 'image' && filename !== '' && ++pictures === 1,
  });
  if (pictures > 1) {
    throw new AppError(
      'bad-request',
      'Expected one picture for `image` but received several. Send them one by one.',
    );
  }
  const file = form.files[0];
  if (file?.error !== undefined) throw file.error;
  return { picture: file?.bytes, fields: form.fields };
}
