import type { Bundle } from '../../../shared/core/bundle.ts';
import { AppError, quote } from '../../../shared/core/errors.ts';
import type { HeadDefinition, LinearHead } from '../../../shared/core/head.ts';
import type { PixelHead } from '../../../shared/io/pixel-head-directory.ts';
import { classify } from '../../../shared/core/scoring.ts';
import { buildZeroShotHead, type EncodeTexts } from '../../../shared/core/zero-shot.ts';
import { within } from '../flow/within.ts';
import type { StoredHeads } from './stored-heads.ts';

const DEFAULT_HEAD = 'cifar100';

/** A head that can answer, and what an answer of it costs beside the encoding. */
export interface ServedHead {
  readonly head: LinearHead;
  /** Milliseconds of one classification, measured when the head was loaded; of a pixel head, its network's not among them. */
  readonly costMs: number;
  /** Top-1 on held-out pictures, 0…1, where it was measured. */
  readonly accuracy?: number;
}

export interface HeadCatalogueOptions {
  readonly bundle: Bundle;
  readonly definitions: readonly HeadDefinition[];
  /** Heads with a network of their own: always the same, whatever the bundle. */
  readonly pixelHeads?: readonly PixelHead[];
  /** The head that was prepared for this bundle, if one was. */
  readonly readPrepared: (id: string) => Promise<LinearHead | undefined>;
  /** Top-1 of just this version of a head, where it was evaluated. */
  readonly readAccuracy: (head: LinearHead) => Promise<number | undefined>;
  readonly encodeTexts: EncodeTexts;
  /** How long a request waits for a head that is still being made. */
  readonly loadWaitMs: number;
  /** Heads that were trained; undefined where built-in ones are all there is. */
  readonly stored?: StoredHeads | undefined;
}

/** The heads of one bundle: prepared ones are read, the others are built from their texts. */
export class HeadCatalogue {
  readonly #options: HeadCatalogueOptions;
  readonly #definitions: ReadonlyMap<string, HeadDefinition>;
  readonly #loading = new Map<string, Promise<ServedHead>>();
  readonly #served = new Map<string, ServedHead>();
  readonly #trained = new WeakMap<LinearHead, ServedHead>();

  constructor(options: HeadCatalogueOptions) {
    this.#options = options;
    this.#definitions = new Map(options.definitions.map((definition) => [definition.id, definition]));
    for (const { head } of this.pixelHeads) this.#served.set(head.id, { head, costMs: measureCost(head) });
  }

  /** Answers where no head is named: `cifar100`, or the first one where an operator took that away. */
  get defaultId(): string {
    return this.#definitions.has(DEFAULT_HEAD) ? DEFAULT_HEAD : (this.definitions[0]?.id ?? DEFAULT_HEAD);
  }

  get definitions(): readonly HeadDefinition[] {
    return this.#options.definitions;
  }

  /** Heads with a network of their own. */
  get pixelHeads(): readonly PixelHead[] {
    return this.#options.pixelHeads ?? [];
  }

  /** All heads: those of this set, then those that were only trained. */
  get ids(): readonly string[] {
    const { definitions, stored } = this.#options;
    const own = [...definitions.map(({ id }) => id), ...this.pixelHeads.map(({ head }) => head.id)];
    return [...own, ...(stored?.ids ?? []).filter((id) => !own.includes(id))];
  }

  /** Heads that were trained for another bundle, and have no built-in version to go on with. */
  get staleIds(): readonly string[] {
    return [...(this.#options.stored?.staleIds ?? [])].filter((id) => !this.#definitions.has(id));
  }

  /** The head if it can answer now: the trained version that is live, else the built-in one. */
  now(id: string): ServedHead | undefined {
    const trained = this.#options.stored?.get(id);
    return trained === undefined ? this.#served.get(id) : this.#withCost(trained);
  }

  /** @throws AppError `not-found` for a head that is none; `conflict` for a stale one, `store-away` where it may be there */
  definition(id: string): HeadDefinition {
    const definition =
      this.#definitions.get(id) ?? this.#pixelDefinition(id) ?? this.#options.stored?.definition(id);
    if (definition !== undefined) return definition;
    const known = this.ids.join(', ');
    this.#options.stored?.explainMissing(id);
    throw new AppError('not-found', `Expected one of ${known} for \`head\` but received ${quote(id)}.`);
  }

  /**
   * @param signal of the request that asks
   * @throws AppError `not-found`, or `not-ready` when the head is not made in time
   */
  async get(id: string, signal?: AbortSignal): Promise<ServedHead> {
    const definition = this.definition(id);
    const patience = { waitMs: this.#options.loadWaitMs, signal };
    return this.now(id) ?? within(this.#load(definition), patience, `The head ${id}`);
  }

  /**
   * Makes all heads ready, one after the other, the default one first: prepared ones take no time, and the others must
   * not crowd out requests.
   * @throws the first failure, once all were tried
   */
  async loadAll(): Promise<void> {
    // Trained heads need not wait for those that are still to be made.
    const opening = this.#options.stored?.open();
    const failures: unknown[] = [];
    const isFirst = ({ id }: HeadDefinition) => Number(id === this.defaultId);
    const order = [...this.definitions].sort((a, b) => isFirst(b) - isFirst(a));
    for (const definition of order) {
      await this.#load(definition).catch((error: unknown) => failures.push(error));
    }
    await this.#readPixelAccuracies();
    await opening;
    const trainable = [...this.#served.values()]
      .map(({ head }) => head)
      .filter(({ kind }) => kind !== 'onnx');
    await this.#options.stored?.publish(trainable);
    if (failures.length > 0) throw failures[0];
  }

  /** A head without prompts, as the others are looked up. */
  #pixelDefinition(id: string): HeadDefinition | undefined {
    const head = this.pixelHeads.find((one) => one.head.id === id)?.head;
    return head && { id, title: head.title, labels: head.labels.map((label) => ({ label })), templates: [] };
  }

  async #readPixelAccuracies(): Promise<void> {
    for (const { head } of this.pixelHeads) {
      const accuracy = await this.#options.readAccuracy(head);
      this.#served.set(head.id, { head, costMs: measureCost(head), ...accuracyOf(accuracy) });
    }
  }

  #withCost(head: LinearHead): ServedHead {
    const known = this.#trained.get(head);
    if (known !== undefined) return known;
    const served = { head, costMs: measureCost(head), ...accuracyOf(head.accuracy) };
    this.#trained.set(head, served);
    return served;
  }

  /** Once for each head; a failure is forgotten, so that the next request tries again. */
  #load(definition: HeadDefinition): Promise<ServedHead> {
    const known = this.#loading.get(definition.id);
    if (known !== undefined) return known;
    const loading = this.#make(definition);
    this.#loading.set(definition.id, loading);
    loading.catch(() => this.#loading.delete(definition.id));
    return loading;
  }

  async #make(definition: HeadDefinition): Promise<ServedHead> {
    const { bundle, encodeTexts, readPrepared, readAccuracy } = this.#options;
    const prepared = await readPrepared(definition.id);
    const isFitting = prepared !== undefined && hasLabelsOf(definition, prepared);
    const head = isFitting ? prepared : await buildZeroShotHead(definition, bundle, encodeTexts);
    const accuracy = head.accuracy ?? (await readAccuracy(head));
    const served = { head, costMs: measureCost(head), ...accuracyOf(accuracy) };
    this.#served.set(definition.id, served);
    return served;
  }
}

function accuracyOf(accuracy: number | undefined): Pick<ServedHead, 'accuracy'> {
  return accuracy === undefined ? {} : { accuracy };
}

/** False once the definition was edited after the head was prepared. */
function hasLabelsOf({ labels }: HeadDefinition, head: LinearHead): boolean {
  return labels.length === head.labels.length && labels.every(({ label }, row) => label === head.labels[row]);
}

/**
 * The quickest of a few classifications of nothing in particular: the arithmetic does not depend on the picture, and what
 * else the processor does while the function starts is no cost of the head.
 */
function measureCost(head: LinearHead): number {
  const embedding = new Float32Array(head.weights.length / head.labels.length).fill(0.01);
  const times = Array.from({ length: 8 }, () => {
    const startMs = performance.now();
    classify(head, embedding, 5);
    return performance.now() - startMs;
  });
  return Math.min(...times);
}
