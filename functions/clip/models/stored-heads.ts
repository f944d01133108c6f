import { AppError } from '../../../shared/core/errors.ts';
import type { HeadDefinition, LinearHead } from '../../../shared/core/head.ts';
import type { Log } from '../../../shared/core/log.ts';
import { hasBuiltIn, publishBuiltIn } from '../../../shared/io/heads/head-store.ts';
import { TrainedHeads } from '../../../shared/io/heads/trained-heads.ts';
import type { KeyValueStore } from '../../../shared/io/store/key-value-store.ts';

/** Between two looks for the built-in heads in the store: no head can be trained, rolled back or deleted without them. */
const LOOK_AGAIN_MS = 5_000;

export interface StoredHeadsOptions {
  readonly store: KeyValueStore;
  readonly revision: string;
  readonly log: Log;
  /** Tests wait less. */
  readonly lookAgainMs?: number;
}

/** What one bundle has in the store: the heads that were trained for it. It is never waited for. */
export class StoredHeads {
  readonly #store: KeyValueStore;
  readonly #revision: string;
  readonly #lookAgainMs: number;
  readonly #trained: TrainedHeads;
  #timer: NodeJS.Timeout | undefined;
  #publishing: Promise<void> | undefined;
  #isClosed = false;

  constructor({ store, revision, log, lookAgainMs = LOOK_AGAIN_MS }: StoredHeadsOptions) {
    this.#store = store;
    this.#revision = revision;
    this.#lookAgainMs = lookAgainMs;
    this.#trained = new TrainedHeads({ store, revision, log });
  }

  /** Begins to follow the trained heads. */
  open(): Promise<void> {
    return this.#trained.open();
  }

  /**
   * Puts version 0 of each head there for the trainer, and again whenever the store turns out to have lost them or was away.
   */
  async publish(builtIn: readonly LinearHead[]): Promise<void> {
    this.#publishing = this.#publish(builtIn, false);
    await this.#publishing;
  }

  get ids(): readonly string[] {
    return this.#trained.ids;
  }

  get staleIds(): ReadonlySet<string> {
    return this.#trained.staleIds;
  }

  get(id: string): LinearHead | undefined {
    return this.#trained.get(id);
  }

  /** A trained head as if it were one of the set. */
  definition(id: string): HeadDefinition | undefined {
    const head = this.get(id);
    if (head === undefined) return undefined;
    return { id, title: head.title, labels: head.labels.map((label) => ({ label })), templates: [] };
  }

  /** @throws AppError where a head is missing for another reason than that there is none */
  explainMissing(id: string): void {
    if (this.staleIds.has(id)) {
      throw new AppError(
        'conflict',
        `The head ${id} was trained for another model. Train it again: its examples are still there.`,
      );
    }
    if (this.#trained.isAway) {
      throw new AppError(
        'store-away',
        `Whether there is a head ${id} is not known: the store does not answer.`,
        {
          retryAfterSeconds: 5,
        },
      );
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#publishing;
    await this.#trained.close();
  }

  /** Never rejects. @param isThere whether what the store has of this bundle is known to be of this classifier */
  async #publish(builtIn: readonly LinearHead[], isThere: boolean): Promise<void> {
    let isPublished = isThere;
    try {
      if (!isThere || !(await hasBuiltIn(this.#store, this.#revision))) {
        await publishBuiltIn(this.#store, this.#revision, builtIn);
      }
      isPublished = true;
    } catch {
      // The next look tries again.
    }
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => {
      this.#publishing = this.#publish(builtIn, isPublished);
    }, this.#lookAgainMs).unref();
  }
}
