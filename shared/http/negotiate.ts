interface MediaRange {
  readonly type: string;
  /** Weight, 0…1. */
  readonly q: number;
  /** Place in the header; the earlier one wins a tie. */
  readonly place: number;
}

const HTML = ['text/html', 'application/xhtml+xml', 'text/*'];
const JSON_TYPES = ['application/json', 'application/problem+json', 'application/*'];

/**
 * Whether a page is wanted rather than JSON. Browsers name `text/html` themselves; a bare wildcard (curl, `fetch`) gets
 * JSON.
 *
 * @example prefersHtml(request with 'Accept: text/html, image/png;q=0.8') // true
 * @example prefersHtml(request with 'Accept: application/json, text/html')  // false: named first
 * @see     RFC 9110, §12.5.1
 */
export function prefersHtml(request: Request): boolean {
  const ranges = parseAccept(request.headers.get('Accept') ?? '');
  const html = best(ranges, HTML);
  if (html === undefined || html.q === 0) return false;
  const json = best(ranges, JSON_TYPES);
  if (json === undefined || html.q > json.q) return true;
  return html.q === json.q && html.place < json.place;
}

function parseAccept(header: string): readonly MediaRange[] {
  return header.split(',').map((entry, place) => {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase());
    return { type, q: weight(parameters), place };
  });
}

/** `q=0.8` → 0.8; 1 where it is absent, 0 where it is not a weight. */
function weight(parameters: readonly string[]): number {
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  if (given === undefined) return 1;
  const q = Number(given.slice(2));
  return q >= 0 && q <= 1 ? q : 0;
}

/** The range of the first of these types that the header names: exact types stand before wildcards. */
function best(ranges: readonly MediaRange[], types: readonly string[]): MediaRange | undefined {
  for (const type of types) {
    const range = ranges.find((candidate) => candidate.type === type);
    if (range !== undefined) return range;
  }
  return undefined;
}
