/** An attempt failed in a way that the next one may not. */
export class TransferError extends Error {
  override readonly name = 'TransferError';
  readonly retryAfterMs: number;

  constructor(message: string, options: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options);
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}
