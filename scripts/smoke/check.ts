/** One thing that is looked at from outside, and what came of it. */
export interface Outcome {
  /** What is checked, in plain words. */
  readonly title: string;
  readonly result: 'well' | 'wrong' | 'left out';
  /** What was seen. */
  readonly note: string;
}

/** Thrown by a check for what it cannot look at here; not a fault. */
export class LeftOut extends Error {
  override readonly name = 'LeftOut';
}

export interface Check {
  readonly title: string;
  /** When it fails, so would all that come after it: they are not made. */
  readonly isCondition?: boolean;
  /** @returns what was seen; @throws Error saying what is wrong, LeftOut where there is nothing to check */
  readonly look: (gateway: string) => Promise<string>;
}

const TIMEOUT_MS = 30_000;

/** Looks at one thing after the other; only a condition that does not hold ends it early. */
export async function runChecks(
  checks: readonly Check[],
  gateway: string,
  report: (outcome: Outcome) => void,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { title, look, isCondition = false } of checks) {
    const outcome = await outcomeOf(title, () => look(gateway.replace(/\/+$/, '')));
    outcomes.push(outcome);
    report(outcome);
    if (isCondition && outcome.result === 'wrong') break;
  }
  return outcomes;
}

async function outcomeOf(title: string, look: () => Promise<string>): Promise<Outcome> {
  try {
    return { title, result: 'well', note: await look() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const cause = error.cause instanceof Error ? ` (${error.cause.message})` : '';
    const result = error instanceof LeftOut ? 'left out' : 'wrong';
    return { title, result, note: `${error.message}${cause}` };
  }
}

/** `fetch` that gives up in time. */
export function ask(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
}

/** @throws Error saying what came instead of the status */
export async function expectStatus(response: Response, ...right: readonly number[]): Promise<string> {
  const text = await response.text();
  if (right.includes(response.status)) return text;
  const said = text.trim().slice(0, 200) || 'no word about it';
  throw new Error(`Expected ${right.join(' or ')} but received ${response.status}: ${said}`);
}
