/** What a page of another origin may read beside the answer itself. */
const EXPOSED = 'Allow, Retry-After, Server-Timing, X-Cache, X-Call-Id';

/**
 * Headers that let a page of another origin call this function.
 * @param origins those that are allowed, or `*` for all; none switches it off
 * @param methods of the route, for a preflight
 * @returns nothing where the request's origin is none of them
 */
export function corsHeaders(
  request: Request,
  origins: readonly string[],
  methods: readonly string[] = [],
): Readonly<Record<string, string>> {
  if (origins.length === 0) return {};
  const origin = request.headers.get('Origin');
  const isAllowed = origin !== null && (origins.includes('*') || origins.includes(origin));
  if (!isAllowed) return { Vary: 'Origin' };
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Expose-Headers': EXPOSED,
    ...(methods.length === 0
      ? {}
      : {
          'Access-Control-Allow-Methods': methods.join(', '),
          'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Call-Id',
          'Access-Control-Max-Age': '600',
        }),
    Vary: 'Origin',
  };
}
