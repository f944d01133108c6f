import { AppError, quote } from '../../../shared/core/errors.ts';
import { within } from '../flow/within.ts';
import type { Model } from './model.ts';

export interface ModelPoolOptions {
  /** Loaded at the start, and never put away. */
  readonly defaultId: string;
  /** Ids of all bundles that there are. */
  readonly ids: readonly string[];
  readonly load: (id: string) => Promise<Model>;
  /** Models in memory at once. */
  readonly maxModels: number;
  /** How long a request waits for a model that is being loaded. */
  readonly loadWaitMs: number;
}

interface Place {
  readonly loading: Promise<Model>;
  /** Requests that use it now. */
  users: number;
}

/** The bundles in memory: the default one, and those that were asked for last. */
export class ModelPool {
  readonly #options: ModelPoolOptions;
  /** In the order of use, the one used last at the end. */
  readonly #places = new Map<string, Place>();
  #default!: Model;

  private constructor(options: ModelPoolOptions) {
    this.#options = options;
  }

  /** @throws Error when the default model cannot be loaded */
  static async open(options: ModelPoolOptions): Promise<ModelPool> {
    const pool = new ModelPool(options);
    pool.#default = await pool.#place(options.defaultId).loading;
    return pool;
  }

  get default(): Model {
    return this.#default;
  }

  get ids(): readonly string[] {
    return this.#options.ids;
  }

  /**
   * Does the work with a model, which stays in memory for as long.
   * @param asked.id undefined for the default one
   * @param asked.signal of the request that asks
   * @throws AppError `not-found`, `not-ready` when it is not loaded in time, `busy` when all places are in use
   */
  async use<T>(
    { id, signal }: { id: string | undefined; signal?: AbortSignal },
    work: (model: Model) => Promise<T>,
  ): Promise<T> {
    const chosen = id ?? this.#options.defaultId;
    if (!this.ids.includes(chosen)) {
      throw new AppError(
        'not-found',
        `Expected one of ${this.ids.join(', ')} for \`model\` but received ${quote(chosen)}.`,
      );
    }
    const place = this.#place(chosen);
    place.users += 1;
    try {
      const patience = { waitMs: this.#options.loadWaitMs, signal };
      return await work(await within(place.loading, patience, `The model ${chosen}`));
    } finally {
      place.users -= 1;
    }
  }

  async close(): Promise<void> {
    const models = await Promise.allSettled([...this.#places.values()].map(({ loading }) => loading));
    for (const model of models) if (model.status === 'fulfilled') await model.value.close();
  }

  #place(id: string): Place {
    const known = this.#places.get(id);
    if (known !== undefined) {
      this.#places.delete(id);
      this.#places.set(id, known);
      return known;
    }
    if (this.#places.size >= this.#options.maxModels) this.#putOneAway();
    const place = { loading: this.#options.load(id), users: 0 };
    this.#places.set(id, place);
    // A model that could not be loaded is tried again when it is next asked for.
    place.loading.catch(() => this.#places.delete(id));
    return place;
  }

  #putOneAway(): void {
    for (const [id, place] of this.#places) {
      if (id === this.#options.defaultId || place.users > 0) continue;
      this.#places.delete(id);
      place.loading.then((model) => model.close()).catch(() => undefined);
      return;
    }
    throw new AppError('busy', 'Other models are in use. Try again in a moment, or leave out `model`.', {
      retryAfterSeconds: 5,
    });
  }
}
