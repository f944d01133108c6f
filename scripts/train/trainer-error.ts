/** Why a request to the trainer did not do what it should. */
export class TrainerError extends Error {
  override readonly name = 'TrainerError';
  /** Of the problem; empty where the gateway or nobody answered. */
  readonly code: string;
  /** Whether the very same request may succeed later. */
  readonly isTemporary: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, about: { code?: string; isTemporary: boolean; retryAfterMs?: number }) {
    super(message);
    this.code = about.code ?? '';
    this.isTemporary = about.isTemporary;
    this.retryAfterMs = about.retryAfterMs;
  }
}

/** Codes of problems that pass by themselves. */
const TEMPORARY = ['busy', 'not-ready', 'store-away', 'upstream-failed', 'upstream-timeout', 'internal'];

/** @returns undefined where it is no problem document */
export function fromProblem(json: unknown): TrainerError | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { code, detail } = json as { code?: unknown; detail?: unknown };
  if (typeof code !== 'string' || typeof detail !== 'string') return undefined;
  return new TrainerError(detail.replaceAll('`', ''), { code, isTemporary: TEMPORARY.includes(code) });
}

/** What a reply that is no success means; the gateway and the watchdog say little or nothing themselves. */
export async function fromResponse(response: Response): Promise<TrainerError> {
  const text = await response.text();
  const problem = fromProblem(parse(text));
  const seconds = Number(response.headers.get('Retry-After') ?? NaN);
  const retryAfterMs = Number.isFinite(seconds) ? { retryAfterMs: 1_000 * seconds } : {};
  if (problem !== undefined) {
    const { message, code, isTemporary } = problem;
    return new TrainerError(message, { code, isTemporary, ...retryAfterMs });
  }
  if (response.status === 404) {
    return new TrainerError(
      'There is no function trainer behind this gateway. `npm start` runs one; a cluster gets it with stack.trainer.yml.',
      { isTemporary: false },
    );
  }
  if (response.status === 413) {
    return new TrainerError('The gateway lets no request of this size through.', { isTemporary: false });
  }
  const isTemporary = response.status === 429 || response.status >= 500;
  return new TrainerError(`The trainer did not answer (status ${response.status}).`, {
    isTemporary,
    ...retryAfterMs,
  });
}

export function unreachable(gateway: string, cause: unknown): TrainerError {
  const isLate = cause instanceof DOMException && cause.name === 'TimeoutError';
  const what = isLate ? 'did not answer in time' : 'cannot be reached';
  return new TrainerError(`${gateway} ${what}. Are the functions running there?`, { isTemporary: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
