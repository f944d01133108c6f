import type { OpenAPIHono } from '@hono/zod-openapi';
import { callIdOf } from '../../shared/http/call-id.ts';
import { frameApp as frame } from '../../shared/http/frame-app.ts';
import { prefersHtml } from '../../shared/http/negotiate.ts';
import { problemResponse } from '../../shared/http/problem.ts';
import { respondProblemPage } from './pages/problem-page.ts';
import type { Services } from './services.ts';

/**
 * clip's routes within what all functions' answers have in common; a page instead of a problem for those who want one.
 * @returns the app's `fetch`, which never rejects
 */
export function frameApp(
  app: OpenAPIHono,
  { config, log, metrics }: Pick<Services, 'config' | 'log' | 'metrics'>,
): (request: Request) => Promise<Response> {
  const respond = frame(app, {
    log,
    corsOrigins: config.corsOrigins,
    countRequest: (request) => metrics.countRequest(request),
    respondError: (error, request) => {
      const callId = callIdOf(request);
      return prefersHtml(request) ? respondProblemPage(error, callId) : problemResponse(error, callId);
    },
  });
  return async (request) => {
    const response = await respond(request);
    if (new URL(request.url).pathname === '/' || !response.ok) response.headers.append('Vary', 'Accept');
    return response;
  };
}
