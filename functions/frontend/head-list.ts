import type { Log } from '../../shared/core/log.ts';
import type { ClipClient } from '../../shared/http/clip-client.ts';
import { FALLBACK_HEADS, readHeads, type HeadSummary } from './view/head-summary.ts';

/** A head that was trained just now may take this long to be offered. */
const FRESH_MS = 60_000;
/** A classifier that was away is asked again after this. */
const RETRY_MS = 5_000;

/**
 * The heads that a page offers, asked of `clip` now and then. A page never waits long for them and never fails for
 * want of them: the head that every set has is offered then.
 */
export class HeadList {
  readonly #clip: ClipClient;
  readonly #log: Log;
  #known: readonly HeadSummary[] = FALLBACK_HEADS;
  #askAgainAt = 0;
  #asking: Promise<void> | undefined;

  /** @param clip with a timeout that a person waits for without noticing */
  constructor(clip: ClipClient, log: Log) {
    this.#clip = clip;
    this.#log = log;
  }

  async get(callId: string): Promise<readonly HeadSummary[]> {
    if (performance.now() >= this.#askAgainAt) {
      this.#asking ??= this.#ask(callId).finally(() => (this.#asking = undefined));
      await this.#asking;
    }
    return this.#known;
  }

  async #ask(callId: string): Promise<void> {
    try {
      const heads = readHeads((await this.#clip.call({ path: '/heads', callId })).json);
      if (heads.length > 0) this.#known = heads;
      this.#askAgainAt = performance.now() + FRESH_MS;
    } catch (error) {
      this.#askAgainAt = performance.now() + RETRY_MS;
      this.#log.warn(
        { callId, error: error instanceof Error ? error.message : String(error) },
        'No list of heads.',
      );
    }
  }
}
