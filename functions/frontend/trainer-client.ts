import type { Log } from '../../shared/core/log.ts';

/** What came back, whatever it says. */
export interface TrainerReply {
  readonly status: number;
  /** Undefined where it is no JSON. */
  readonly json: unknown;
}

/**
 * Reads what the function `trainer` says in the open. Not every set has one, so that no answer is no error: pages go
 * without. What needs the token is between browser and trainer alone.
 */
export class TrainerClient {
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #log: Log;

  constructor({ gatewayUrl, timeoutMs, log }: { gatewayUrl: string; timeoutMs: number; log: Log }) {
    this.#url = `${gatewayUrl}/function/trainer`;
    this.#timeoutMs = timeoutMs;
    this.#log = log;
  }

  /**
   * @param path such as `/status`
   * @returns undefined where no answer came in time
   */
  async get(path: string, callId: string): Promise<TrainerReply | undefined> {
    try {
      const response = await fetch(`${this.#url}${path}`, {
        headers: { Accept: 'application/json', 'X-Call-Id': callId },
        // With `error`, undici forgets the signal as soon as memory is cleared (nodejs/undici#4627).
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timeoutMs),
      });
      const text = await response.text();
      if (response.status >= 300 && response.status < 400) throw new Error('It redirects.');
      return { status: response.status, json: parse(text) };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#log.warn({ callId, path, error: text }, 'No answer of the trainer.');
      return undefined;
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
