import { AppError, type ErrorCode } from '../../shared/core/errors.ts';
import type { ClipClient } from '../../shared/http/clip-client.ts';

/** Who asks: the call id goes along, and the call ends when the caller leaves. */
export interface Caller {
  readonly callId: string;
  readonly signal?: AbortSignal;
}

export interface EmbeddedPictures {
  readonly revision: string;
  /** One for each picture, in order. */
  readonly embeddings: readonly (Float32Array | AppError)[];
}

/** What the trainer asks of the function `clip`, through the gateway. */
export class Classifier {
  readonly #client: ClipClient;

  constructor(client: ClipClient) {
    this.#client = client;
  }

  /** Revision of the bundle that it serves. @throws AppError as ClipClient does */
  async revision({ callId, signal }: Caller): Promise<string> {
    const { json } = await this.#client.call({ path: '/heads', callId, ...(signal && { signal }) });
    return revisionOf(json);
  }

  /** Version of a head that it answers by, `sha256:…`. @throws AppError as ClipClient does */
  async version(head: string, { callId, signal }: Caller): Promise<unknown> {
    const { json } = await this.#client.call({ path: `/heads/${head}`, callId, ...(signal && { signal }) });
    return asRecord(json).version;
  }

  /**
   * @param pictures files of any format that clip decodes
   * @throws AppError as ClipClient does
   */
  async embed(pictures: readonly Uint8Array[], { callId, signal }: Caller): Promise<EmbeddedPictures> {
    const body = new FormData();
    for (const picture of pictures) body.append('image', new Blob([new Uint8Array(picture)]), 'picture');
    const { json } = await this.#client.call({ path: '/embed', body, callId, ...(signal && { signal }) });
    const { embeddings } = asRecord(json);
    if (!Array.isArray(embeddings) || embeddings.length !== pictures.length) throw notUnderstood();
    return { revision: revisionOf(json), embeddings: embeddings.map(readEmbedding) };
  }
}

function revisionOf(json: unknown): string {
  const { revision } = asRecord(asRecord(json).model);
  if (typeof revision !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(revision)) throw notUnderstood();
  return revision;
}

function readEmbedding(item: unknown): Float32Array | AppError {
  const { values, code, detail } = asRecord(item);
  if (Array.isArray(values) && values.length > 0 && values.every(Number.isFinite)) {
    return Float32Array.from(values as number[]);
  }
  if (typeof code === 'string' && typeof detail === 'string') return new AppError(code as ErrorCode, detail);
  throw notUnderstood();
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function notUnderstood(): AppError {
  return new AppError(
    'upstream-failed',
    'The classifier answered something that is not understood. Whoever runs this service should check that its functions are of one version.',
  );
}
