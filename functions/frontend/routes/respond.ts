import type { Html } from '../view/html.ts';

/** A page; never kept by caches between the person and us, since it may show what they sent. */
export function respondPage(page: Html, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(page.markup, {
    status,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Cache-Control': 'no-store',
      Vary: 'Accept',
      ...headers,
    },
  });
}

/**
 * The address of the present page, relative to its base. The dot keeps it on this host, whatever the path holds.
 *
 * @example addressOf(new Request('http://function/?head=cat-dog')) // './?head=cat-dog'
 */
export function addressOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return `.${pathname}${search}`;
}
