import type { HeadDefinition } from '../../shared/core/head.ts';

/** What the data say that a picture is: at least one of them. */
export interface Truth {
  /** A class name; `_` may stand for a space. */
  readonly label?: string;
  /** Position in the data set's own list. */
  readonly index?: number;
  readonly wnid?: string;
}

/**
 * Finds the label of a head that the data mean: by wnid where both have one, then by an index that the definition
 * gives, then by name (exactly, else without regard to case and `_`), and by position where there is nothing else.
 *
 * @example the row `crane,517,n03126707` and imagenet1k: crane (machine)
 * @example the folder `aquarium_fish` and cifar100: aquarium fish
 */
export class LabelMatcher {
  readonly #byWnid = new Map<string, number>();
  readonly #byIndex = new Map<number, number>();
  readonly #byName = new Map<string, number>();
  readonly #byPlainName = new Map<string, number>();
  readonly #size: number;

  constructor({ labels }: Pick<HeadDefinition, 'labels'>) {
    this.#size = labels.length;
    for (const [position, { label, wnid, index }] of labels.entries()) {
      if (wnid !== undefined) this.#byWnid.set(wnid, position);
      if (index !== undefined) this.#byIndex.set(index, position);
      this.#byName.set(label, position);
      this.#byPlainName.set(plain(label), position);
    }
  }

  /** @returns the label's position in the head; undefined when the head has no such label */
  positionOf({ label, index, wnid }: Truth): number | undefined {
    const byWnid = wnid === undefined ? undefined : this.#byWnid.get(wnid);
    if (byWnid !== undefined) return byWnid;
    const byIndex = index === undefined ? undefined : this.#byIndex.get(index);
    if (byIndex !== undefined) return byIndex;
    if (label !== undefined) return this.#byName.get(label) ?? this.#byPlainName.get(plain(label));
    const isPosition = wnid === undefined && index !== undefined && this.#byIndex.size === 0;
    return isPosition && index < this.#size ? index : undefined;
  }
}

/** A folder's name as what it may mean: `n02085620`, `n02085620-Chihuahua`, `17`, or a class name. */
export function truthOfFolder(name: string): Truth {
  const [, wnid, rest] = /^(n\d{8})(?:[-_ ](.+))?$/.exec(name) ?? [];
  if (wnid !== undefined) return { wnid, ...(rest !== undefined && { label: rest }) };
  return /^\d{1,5}$/.test(name) ? { index: Number(name) } : { label: name };
}

function plain(name: string): string {
  return name.replaceAll('_', ' ').toLowerCase();
}
