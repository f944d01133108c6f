import { OpenAPIHono } from '@hono/zod-openapi';
import { apiDocument, describeRoutes } from './api/document.ts';
import { classifyRoute } from './routes/classify.ts';
import { embedRoute } from './routes/embed.ts';
import { headRoutes } from './routes/heads.ts';
import { respondHowTo } from './routes/how-to.ts';
import { respondMetrics, respondReady, respondStatus } from './routes/operations.ts';
import type { Services } from './services.ts';

/** The routes of clip; what every answer has in common is frame.ts's. */
export function createApp(services: Services): OpenAPIHono {
  const app = new OpenAPIHono({ strict: false });
  const heads = headRoutes(services);
  const classify = classifyRoute(services);
  const embed = embedRoute(services);

  app.get('/', (c) => respondHowTo(c.req.raw, services));
  app.post('/', (c) => classify(c.req.raw));
  app.post('/embed', (c) => embed(c.req.raw));
  app.get('/heads', (c) => heads.list(c.req.raw));
  app.get('/heads/:head', (c) => heads.one(c.req.raw, c.req.param('head')));
  app.get('/heads/:head/evaluation', (c) => heads.evaluation(c.req.raw, c.req.param('head')));
  app.get('/status', () => respondStatus(services));
  app.get('/metrics', () => respondMetrics(services));
  app.get('/ready', () => respondReady(services));
  app.get('/openapi.json', () => Response.json(apiDocument(app, services.config)));
  describeRoutes(app.openAPIRegistry);
  return app;
}
