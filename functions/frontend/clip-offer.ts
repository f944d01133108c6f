import type { Log } from '../../shared/core/log.ts';
import type { ClipClient } from '../../shared/http/clip-client.ts';
import { readModelIds } from './view/clip-status.ts';
import { FALLBACK_HEADS, readHeads, type HeadSummary } from './view/head-summary.ts';
import type { Offer } from './view/offer.ts';

/** A head that was trained just now may take this long to be offered. */
const FRESH_MS = 60_000;
/** A classifier that was away is asked again after this. */
const RETRY_MS = 5_000;

/** A value that is asked for now and then; it stays as it is for as long as nobody can say better. */
interface Remembered<T> {
  known: T;
  askAgainAt: number;
  asking?: Promise<void> | undefined;
}

/**
 * The heads and models that a page offers, asked of `clip` now and then. A page never waits long for them and never
 * fails for want of them: the head that every set has is offered then.
 */
export class ClipOffer {
  readonly #clip: ClipClient;
  readonly #log: Log;
  readonly #models: Remembered<readonly string[]> = { known: [], askAgainAt: 0 };
  /** By the model's id; empty for the default one. */
  readonly #heads = new Map<string, Remembered<readonly HeadSummary[]>>();

  /** @param clip with a timeout that a person waits for without noticing */
  constructor(clip: ClipClient, log: Log) {
    this.#clip = clip;
    this.#log = log;
  }

  /** @param model id; empty for the default one, and an unknown one counts as that */
  async get(callId: string, model = ''): Promise<Offer> {
    const models = this.#renew(this.#models, callId, async () => {
      const { json } = await this.#clip.call({ path: '/status', callId });
      return readModelIds(json);
    });
    if (model === '') return { heads: await this.#headsOf('', callId), models: await models };
    const isOther = (await models).indexOf(model) > 0;
    return { heads: await this.#headsOf(isOther ? model : '', callId), models: await models };
  }

  #headsOf(model: string, callId: string): Promise<readonly HeadSummary[]> {
    const heads = this.#heads.get(model) ?? { known: FALLBACK_HEADS, askAgainAt: 0 };
    this.#heads.set(model, heads);
    const query = new URLSearchParams(model === '' ? {} : { model });
    return this.#renew(heads, callId, async () => {
      const { json } = await this.#clip.call({ path: '/heads', query, callId });
      return readHeads(json);
    });
  }

  /** Many pages at a time ask once. */
  async #renew<T extends readonly unknown[]>(
    remembered: Remembered<T>,
    callId: string,
    ask: () => Promise<T>,
  ): Promise<T> {
    if (performance.now() >= remembered.askAgainAt) {
      remembered.asking ??= this.#ask(remembered, callId, ask).finally(() => (remembered.asking = undefined));
      await remembered.asking;
    }
    return remembered.known;
  }

  async #ask<T extends readonly unknown[]>(
    remembered: Remembered<T>,
    callId: string,
    ask: () => Promise<T>,
  ): Promise<void> {
    try {
      const list = await ask();
      if (list.length > 0) remembered.known = list;
      remembered.askAgainAt = performance.now() + FRESH_MS;
    } catch (error) {
      remembered.askAgainAt = performance.now() + RETRY_MS;
      const text = error instanceof Error ? error.message : String(error);
      this.#log.warn({ callId, error: text }, 'No list of heads or models.');
    }
  }
}
