import { Hono } from 'hono';
import { AppError } from '../../shared/core/errors.ts';
import { callIdOf } from '../../shared/http/call-id.ts';
import { problemResponse } from '../../shared/http/problem.ts';
import { RouteTable } from '../../shared/http/route-table.ts';
import { exampleRoutes } from './routes/examples.ts';
import { headRoutes } from './routes/heads.ts';
import { trainRoute } from './routes/train.ts';
import type { Services } from './services.ts';

/** The routes of trainer, and what all of its answers have in common. Never rejects. */
export function createApp(services: Services): (request: Request) => Promise<Response> {
  const app = new Hono({ strict: false });
  const heads = headRoutes(services);
  const examples = exampleRoutes(services);
  const train = trainRoute(services);

  app.get('/heads/:head', (c) => heads.one(c.req.raw, c.req.param('head')));
  app.delete('/heads/:head', (c) => heads.remove(c.req.raw, c.req.param('head')));
  app.post('/heads/:head/rollback', (c) => heads.rollBack(c.req.raw, c.req.param('head')));
  app.post('/heads/:head/train', (c) => train(c.req.raw, c.req.param('head')));
  app.post('/heads/:head/examples', (c) => examples.add(c.req.raw, c.req.param('head')));
  app.get('/heads/:head/examples', (c) => examples.list(c.req.raw, c.req.param('head')));
  app.delete('/heads/:head/examples', (c) => examples.removeAll(c.req.raw, c.req.param('head')));
  app.get('/heads/:head/examples/:sha256', (c) =>
    examples.thumbnail(c.req.raw, c.req.param('head'), c.req.param('sha256')),
  );
  app.delete('/heads/:head/examples/:sha256', (c) =>
    examples.remove(c.req.raw, c.req.param('head'), c.req.param('sha256')),
  );

  const table = new RouteTable(app.routes);
  const respondError = (error: unknown, request: Request) => {
    const callId = callIdOf(request);
    if (!(error instanceof AppError)) services.log.error({ callId, err: error }, 'A request failed');
    return problemResponse(error, callId);
  };
  app.onError((error, c) => respondError(error, c.req.raw));
  app.notFound((c) => respondError(table.missing(c.req.method, c.req.path), c.req.raw));

  return async (request) => {
    const response = await app.fetch(request);
    response.headers.set('X-Call-Id', callIdOf(request));
    response.headers.set('X-Content-Type-Options', 'nosniff');
    return response;
  };
}
