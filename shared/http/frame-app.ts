import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { callIdOf } from './call-id.ts';
import { corsHeaders } from './cors.ts';
import { problemResponse } from './problem.ts';
import { RouteTable, type RouteEntry } from './route-table.ts';

/** What is counted of an answer. */
export interface AnsweredRequest {
  /** As it was registered, `/heads/:head`; `other` for none. */
  readonly route: string;
  readonly method: string;
  readonly status: number;
  /** From the request to its answer. */
  readonly seconds: number;
}

export interface AppFrame {
  readonly log: Log;
  /** Origins whose pages may call the function from a browser. */
  readonly corsOrigins: readonly string[];
  readonly countRequest: (request: AnsweredRequest) => void;
  /** An error as an answer; a problem document where it is left out. */
  readonly respondError?: (error: unknown, request: Request) => Answer;
}

interface Context {
  readonly req: { readonly raw: Request; readonly method: string; readonly path: string };
}

type Answer = Response | Promise<Response>;

/** Of hono what is needed here, whatever kind of app it is. */
interface App {
  readonly routes: readonly RouteEntry[];
  fetch(request: Request): Answer;
  onError(respond: (error: Error, context: Context) => Answer): unknown;
  notFound(respond: (context: Context) => Answer): unknown;
}

/**
 * What all answers of a function have in common: errors as problems, 404 and 405, OPTIONS, the call id, CORS, metrics.
 * @returns the app's `fetch`, which never rejects
 */
export function frameApp(app: App, frame: AppFrame): (request: Request) => Promise<Response> {
  const table = new RouteTable(app.routes);
  const respondProblem = (error: unknown, request: Request) => problemResponse(error, callIdOf(request));

  function respond(error: unknown, request: Request): Answer {
    if (!(error instanceof AppError))
      frame.log.error({ callId: callIdOf(request), err: error }, 'A request failed');
    return (frame.respondError ?? respondProblem)(error, request);
  }
  app.onError((error, c) => respond(error, c.req.raw));
  app.notFound((c) => respond(table.missing(c.req.method, c.req.path), c.req.raw));

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
    };
    const cors = corsHeaders(request, frame.corsOrigins, isOptions ? methods : []);
    for (const [name, value] of Object.entries(common)) response.headers.set(name, value);
    // Appended: an answer may have a Vary of its own.
    for (const [name, value] of Object.entries(cors)) response.headers.append(name, value);
    frame.countRequest({
      route: table.routeOf(pathname) ?? 'other',
      method: methods.includes(request.method) ? request.method : 'other',
      status: response.status,
      seconds: (performance.now() - startMs) / 1_000,
    });
    return response;
  };
}
