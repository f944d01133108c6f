import type { OpenAPIHono } from '@hono/zod-openapi';
import { AppError } from '../../shared/core/errors.ts';
import { callIdOf } from '../../shared/http/call-id.ts';
import { corsHeaders } from '../../shared/http/cors.ts';
import { prefersHtml } from '../../shared/http/negotiate.ts';
import { problemResponse } from '../../shared/http/problem.ts';
import { RouteTable } from '../../shared/http/route-table.ts';
import { respondProblemPage } from './pages/problem-page.ts';
import type { Services } from './services.ts';

/**
 * What all answers have in common: errors as problems or pages, 404 and 405, OPTIONS, the call id, CORS, metrics.
 * @returns the app's `fetch`, which never rejects
 */
export function frameApp(
  app: OpenAPIHono,
  { config, log, metrics }: Pick<Services, 'config' | 'log' | 'metrics'>,
): (request: Request) => Promise<Response> {
  const table = new RouteTable(app.routes);

  function respondError(error: unknown, request: Request): Response | Promise<Response> {
    const callId = callIdOf(request);
    if (!(error instanceof AppError)) log.error({ callId, err: error }, 'A request failed');
    return prefersHtml(request) ? respondProblemPage(error, callId) : problemResponse(error, callId);
  }
  app.onError((error, c) => respondError(error, c.req.raw));
  app.notFound((c) => respondError(table.missing(c.req.method, c.req.path), c.req.raw));

  return async (request) => {
    const startMs = performance.now();
    const { pathname } = new URL(request.url);
    const methods = table.methodsOf(pathname);
    const isOptions = request.method === 'OPTIONS' && methods.length > 0;
    const response = isOptions
      ? new Response(null, { status: 204, headers: { Allow: methods.join(', ') } })
      : await app.fetch(request);
    const common = {
      'X-Call-Id': callIdOf(request),
      'X-Content-Type-Options': 'nosniff',
      ...corsHeaders(request, config.corsOrigins, isOptions ? methods : []),
    };
    for (const [name, value] of Object.entries(common)) response.headers.set(name, value);
    if (table.routeOf(pathname) === '/' || !response.ok) response.headers.append('Vary', 'Accept');
    metrics.countRequest({
      route: table.routeOf(pathname) ?? 'other',
      method: methods.includes(request.method) ? request.method : 'other',
      status: response.status,
      seconds: (performance.now() - startMs) / 1_000,
    });
    return response;
  };
}
