import { FALLBACK_HEADS, readHeads, type HeadSummary } from '../../view/head-summary.ts';
import { listOf, recordOf, textOf } from '../../view/record.ts';

const PATIENCE_MS = 10_000;

/** What the function `clip` says about its heads. Without it the page offers less, and still works. */
export class ClipHeads {
  #list: readonly HeadSummary[] = FALLBACK_HEADS;
  #model = '';
  readonly #unseen = new Map<string, Promise<ReadonlySet<string>>>();

  get list(): readonly HeadSummary[] {
    return this.#list;
  }

  /**
   * @param model id; empty for the default one
   * @returns undefined where the list cannot be had, or another model was asked about meanwhile
   */
  async load(model: string): Promise<readonly HeadSummary[] | undefined> {
    if (model !== this.#model) this.#unseen.clear();
    this.#model = model;
    const heads = readHeads(await getJson(`../clip/heads${queryOf(model)}`));
    if (heads.length === 0 || model !== this.#model) return undefined;
    this.#list = heads;
    return heads;
  }

  /** The head's labels that its model never met in training. Asked once a head; a failure is forgotten. */
  unseenLabels(id: string): Promise<ReadonlySet<string>> {
    const known = this.#unseen.get(id);
    if (known !== undefined) return known;
    const asked = getJson(`../clip/heads/${encodeURIComponent(id)}${queryOf(this.#model)}`).then((json) => {
      if (json === undefined) this.#unseen.delete(id);
      const labels = listOf(recordOf(json).labels);
      return new Set(labels.filter((label) => label.seen === false).map((label) => textOf(label.label)));
    });
    this.#unseen.set(id, asked);
    return asked;
  }
}

function queryOf(model: string): string {
  return model === '' ? '' : `?${new URLSearchParams({ model }).toString()}`;
}

async function getJson(path: string): Promise<unknown> {
  try {
    const response = await fetch(new URL(path, document.baseURI), {
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return response.ok ? ((await response.json()) as unknown) : undefined;
  } catch {
    return undefined;
  }
}
