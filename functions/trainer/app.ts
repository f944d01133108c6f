import { OpenAPIHono } from '@hono/zod-openapi';
import { frameApp } from '../../shared/http/frame-app.ts';
import { apiDocument, describeRoutes } from './api/document.ts';
import { exampleRoutes } from './routes/examples.ts';
import { headRoutes } from './routes/heads.ts';
import { respondMetrics, respondReady, respondStatus } from './routes/operations.ts';
import { trainRoute } from './routes/train.ts';
import type { Services } from './services.ts';

/** The routes of trainer, within what all functions' answers have in common. Never rejects. */
export function createApp(services: Services): (request: Request) => Promise<Response> {
  const app = new OpenAPIHono({ strict: false });
  const heads = headRoutes(services);
  const examples = exampleRoutes(services);
  const train = trainRoute(services);

  app.get('/heads', () => heads.list());
  app.get('/heads/:head', (c) => heads.one(c.req.raw, c.req.param('head')));
  app.delete('/heads/:head', (c) => heads.remove(c.req.raw, c.req.param('head')));
  app.post('/heads/:head/rollback', (c) => heads.rollBack(c.req.raw, c.req.param('head')));
  app.post('/heads/:head/train', (c) => train(c.req.raw, c.req.param('head')));
  app.post('/heads/:head/examples', (c) => examples.add(c.req.raw, c.req.param('head')));
  app.get('/heads/:head/examples', (c) => examples.list(c.req.raw, c.req.param('head')));
  app.delete('/heads/:head/examples', (c) => examples.removeMany(c.req.raw, c.req.param('head')));
  app.get('/heads/:head/examples/:sha256', (c) =>
    examples.thumbnail(c.req.raw, c.req.param('head'), c.req.param('sha256')),
  );
  app.delete('/heads/:head/examples/:sha256', (c) =>
    examples.remove(c.req.raw, c.req.param('head'), c.req.param('sha256')),
  );
  app.get('/status', () => respondStatus(services));
  app.get('/metrics', () => respondMetrics(services));
  app.get('/ready', () => respondReady());
  app.get('/openapi.json', () => Response.json(apiDocument(app, services.config)));
  describeRoutes(app.openAPIRegistry);

  const { config, log, metrics } = services;
  return frameApp(app, {
    log,
    corsOrigins: config.corsOrigins,
    countRequest: (request) => metrics.countRequest(request),
  });
}
