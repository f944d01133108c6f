import type { HeadDefinition } from '../../shared/core/head.ts';
import { UserError } from '../command/user-error.ts';
import type { DataSet, LabelledFile } from './data-set.ts';
import { LabelMatcher } from './label-matcher.ts';

export interface KnownPicture extends LabelledFile {
  /** Position of its label in the head. */
  readonly position: number;
}

export interface KnownPictures {
  readonly pictures: readonly KnownPicture[];
  /** Classes of the data that the head has not, with how many pictures each. */
  readonly unknown: ReadonlyMap<string, number>;
}

/** The data's pictures with their labels' positions in the head, and what the head does not know. */
export function knownPictures(data: DataSet, definition: HeadDefinition): KnownPictures {
  const matcher = new LabelMatcher(definition);
  const pictures: KnownPicture[] = [];
  const unknown = new Map<string, number>();
  for (const picture of data.pictures) {
    const position = matcher.positionOf(picture.truth);
    if (position !== undefined) pictures.push({ ...picture, position });
    else unknown.set(picture.said, (unknown.get(picture.said) ?? 0) + 1);
  }
  return { pictures, unknown };
}

/** @example describeUnknown(new Map([['unicorn', 3]])) // '1 class (3 pictures): unicorn' */
export function describeUnknown(unknown: ReadonlyMap<string, number>): string {
  const names = [...unknown.keys()];
  const pictures = [...unknown.values()].reduce((sum, count) => sum + count, 0);
  const more = names.length > 10 ? `, and ${names.length - 10} more` : '';
  const classes = names.length === 1 ? '1 class' : `${names.length} classes`;
  const count = pictures === 1 ? '1 picture' : `${pictures} pictures`;
  return `${classes} (${count}): ${names.slice(0, 10).join(', ')}${more}`;
}

/** @throws UserError unless there is something to measure and nothing is left out unasked */
export function requireKnown({ pictures, unknown }: KnownPictures, skipUnknown: boolean): void {
  if (unknown.size > 0 && !skipUnknown) {
    throw new UserError(
      `The head has no label for ${describeUnknown(unknown)}. Leave them out with --skip-unknown.`,
    );
  }
  if (pictures.length === 0) throw new UserError('The head knows none of the labels of the data.');
}
