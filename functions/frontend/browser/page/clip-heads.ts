import { FALLBACK_HEADS, readHeads, type HeadSummary } from '../../view/head-summary.ts';
import { listOf, recordOf, textOf } from '../../view/record.ts';

const PATIENCE_MS = 10_000;

/** What the function `clip` says about its heads. Without it the page offers less, and still works. */
export class ClipHeads {
  #list: readonly HeadSummary[] = FALLBACK_HEADS;
  readonly #unseen = new Map<string, Promise<ReadonlySet<string>>>();

  get list(): readonly HeadSummary[] {
    return this.#list;
  }

  /** @returns undefined where the list cannot be had */
  async load(): Promise<readonly HeadSummary[] | undefined> {
    const heads = readHeads(await getJson('../clip/heads'));
    if (heads.length === 0) return undefined;
    this.#list = heads;
    return heads;
  }

  /** The head's labels that its model never met in training. Asked once a head; a failure is forgotten. */
  unseenLabels(id: string): Promise<ReadonlySet<string>> {
    const known = this.#unseen.get(id);
    if (known !== undefined) return known;
    const asked = getJson(`../clip/heads/${encodeURIComponent(id)}`).then((json) => {
      if (json === undefined) this.#unseen.delete(id);
      const labels = listOf(recordOf(json).labels);
      return new Set(labels.filter((label) => label.seen === false).map((label) => textOf(label.label)));
    });
    this.#unseen.set(id, asked);
    return asked;
  }
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
