import { hashText } from './random.ts';

export interface LabelledPicture {
  /** Of the picture's bytes, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly label: string;
}

/** Places in the list that was split, each in one of the three. */
export interface Split {
  /** What the weights are fitted to. */
  readonly train: readonly number[];
  /** What decides when to stop. */
  readonly validation: readonly number[];
  /** What nothing is decided by: figures come from it alone. */
  readonly holdOut: readonly number[];
}

/** Of each class's pictures, for the validation and for the hold-out alike. */
const SHARE = 0.2;

/**
 * Splits pictures class by class, at least one of each class into every part. A picture's rank within its class comes
 * from the seed and its content alone, so that pictures added later hardly move the others: a head that was trained
 * before has not seen the hold-out that it is compared on.
 *
 * @example five pictures of a class: three to train, one to validate, one held out
 * @throws RangeError for a class of fewer than three pictures
 */
export function splitPictures(pictures: readonly LabelledPicture[], seed: number): Split {
  const split = { train: [] as number[], validation: [] as number[], holdOut: [] as number[] };
  for (const [label, places] of placesByLabel(pictures)) {
    if (places.length < 3) {
      throw new RangeError(
        `Expected at least 3 pictures of ${JSON.stringify(label)} but received ${places.length}.`,
      );
    }
    const rank = (place: number) => hashText(`${seed}:${pictures[place]?.sha256 ?? ''}`);
    const ranked = [...places].sort((a, b) => rank(a) - rank(b) || a - b);
    const share = Math.max(1, Math.round(SHARE * places.length));
    split.holdOut.push(...ranked.slice(0, share));
    split.validation.push(...ranked.slice(share, 2 * share));
    split.train.push(...ranked.slice(2 * share));
  }
  return split;
}

function placesByLabel(pictures: readonly LabelledPicture[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>();
  for (const [place, { label }] of pictures.entries()) {
    const known = places.get(label);
    if (known === undefined) places.set(label, [place]);
    else known.push(place);
  }
  return places;
}
