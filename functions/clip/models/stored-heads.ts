import { AppError } from '../../../shared/core/errors.ts';
import type { HeadDefinition, LinearHead } from '../../../shared/core/head.ts';
import type { Log } from '../../../shared/core/log.ts';
import { publishBuiltIn } from '../../../shared/io/heads/head-store.ts';
import { TrainedHeads } from '../../../shared/io/heads/trained-heads.ts';
import type { KeyValueStore } from '../../../shared/io/store/key-value-store.ts';

/** Until the store has the built-in heads, which a training of one of them starts from. */
const PUBLISH_AGAIN_MS = 5_000;

/** What one bundle has in the store: the heads that were trained for it. It is never waited for. */
export class StoredHeads {
  readonly #store: KeyValueStore;
  readonly #revision: string;
  readonly #trained: TrainedHeads;
  #timer: NodeJS.Timeout | undefined;
  #publishing: Promise<void> | undefined;
  #isClosed = false;

  constructor({ store, revision, log }: { store: KeyValueStore; revision: string; log: Log }) {
    this.#store = store;
    this.#revision = revision;
    this.#trained = new TrainedHeads({ store, revision, log });
  }

  /** Begins to follow the trained heads. */
  open(): Promise<void> {
    return this.#trained.open();
  }

  /** @param builtIn version 0 of each head, for the trainer */
  async publish(builtIn: readonly LinearHead[]): Promise<void> {
    this.#publishing = this.#publish(builtIn);
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

  /** Never rejects: tries again until the store takes them. */
  async #publish(builtIn: readonly LinearHead[]): Promise<void> {
    try {
      await publishBuiltIn(this.#store, this.#revision, builtIn);
    } catch {
      if (this.#isClosed) return;
      this.#timer = setTimeout(() => {
        this.#publishing = this.#publish(builtIn);
      }, PUBLISH_AGAIN_MS).unref();
    }
  }
}
