import { ANY_HEAD } from './head-summary.ts';

/**
 * What is asked about a picture. It travels as the form's fields, as the query of `clip`, and as the page's own address,
 * so that a link asks the same again.
 */
export interface Question {
  /** Empty: every head that sees the general picture, the one that is sure first. */
  readonly heads: readonly string[];
  /** Own labels instead of a head. */
  readonly labels: readonly string[];
  /** Sentence around each own label, with one `{}`; empty for the service's own. */
  readonly template: string;
  /** How many labels to answer with, as written: `clip` checks it. Empty for the service's default. */
  readonly top: string;
  /** A model bundle's id; empty for the service's default. */
  readonly model: string;
}

/** Of a query, in characters: any server and proxy on the way takes so many. */
const MAX_QUERY_LENGTH = 4_096;
/** What is answered where the question does not say how much. */
export const DEFAULT_TOP = '5';
/** Of `clip`: a test holds the two together. */
export const MAX_TOP = 1_000;

export const NO_QUESTION: Question = { heads: [], labels: [], template: '', top: '', model: '' };

/**
 * Labels as people type them: one a line, or with commas between.
 *
 * @example splitLabels('a cat, a dog\na cat\n') // ['a cat', 'a dog']
 */
export function splitLabels(text: string): readonly string[] {
  const labels = text
    .split(/[,\n\r]/)
    .map((label) => label.trim())
    .filter((label) => label !== '');
  return [...new Set(labels)];
}

/**
 * From form fields or a page's address. Blank fields are what an untouched form sends, and count as absent. Several
 * `labels` fields are one label each, commas and all.
 */
export function readQuestion(fields: Iterable<readonly [string, string]>): Question {
  const values = new Map<string, string[]>();
  for (const [name, value] of fields) {
    if (value.trim() === '') continue;
    const known = values.get(name);
    // Not copied each time: an address of 30,000 times one name would hold up all pages for most of a minute.
    if (known === undefined) values.set(name, [value.trim()]);
    else known.push(value.trim());
  }
  const labels = values.get('labels') ?? [];
  return {
    heads: [...new Set(values.get('head'))],
    labels: labels.length > 1 ? [...new Set(labels)] : splitLabels(labels[0] ?? ''),
    template: values.get('template')?.[0] ?? '',
    top: values.get('top')?.[0] ?? '',
    model: values.get('model')?.[0] ?? '',
  };
}

/** The query that asks it of `clip`, if it can: see `fitsQuery`. */
export function writeQuestion(question: Question): URLSearchParams {
  const query = new URLSearchParams();
  for (const head of question.heads) query.append('head', head);
  if (question.labels.length > 0) query.set('labels', question.labels.join(','));
  if (question.labels.length > 0 && question.template !== '') query.set('template', question.template);
  if (question.top !== '') query.set('top', question.top);
  if (question.model !== '') query.set('model', question.model);
  return query;
}

/** Whether so many answers can be asked for. */
export function isTop(top: string): boolean {
  return /^[1-9]\d{0,3}$/.test(top) && Number(top) <= MAX_TOP;
}

/** In a query a comma stands between labels, and many labels are more than a request line holds. */
export function fitsQuery(question: Question): boolean {
  const hasCommas = question.labels.some((label) => label.includes(','));
  return !hasCommas && writeQuestion(question).toString().length <= MAX_QUERY_LENGTH;
}

/**
 * The question as the query of the page's address; empty for the one that the page starts with.
 * @returns undefined where it is longer than an address may be
 */
export function addressQuery(question: Question): string | undefined {
  const heads = question.heads.filter((head) => head !== ANY_HEAD);
  const top = question.top === DEFAULT_TOP ? '' : question.top;
  const query = writeQuestion({ ...question, heads, top }).toString();
  return query.length <= MAX_QUERY_LENGTH ? query : undefined;
}
