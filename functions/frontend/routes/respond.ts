import type { Html } from '../view/html.ts';

/**
 * For a page that shows nothing of anybody's: asked for anew each time, but a browser may keep it as it stands while
 * somebody follows a link, so that pictures and answers are still there when they come back.
 */
export const MAY_BE_RETURNED_TO = { 'Cache-Control': 'no-cache' };

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
