import { Hono, type Context } from 'hono';

import { AppError, quote } from '../../shared/core/errors.ts';
import { callIdOf } from '../../shared/http/call-id.ts';
import { classifyPage } from './pages/classify-page.ts';
import { respondAsset } from './routes/assets.ts';
import { respondClassification, type ClassifyContext } from './routes/classify.ts';
import { respondError, type ErrorContext } from './routes/errors.ts';
import { addressOf, MAY_BE_RETURNED_TO, respondPage } from './routes/respond.ts';
import { respondStatus, type StatusContext } from './routes/status.ts';
import { respondTrain, type TrainContext } from './routes/train.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { readQuestion } from './view/question.ts';

/** All routes of the function, below its own name: the gateway takes `/function/frontend` away. */
export function createApp(context: ClassifyContext & ErrorContext & StatusContext & TrainContext): Hono {
  const app = new Hono({ strict: false });

  app.use(async (c, next) => {
    await next();
    for (const [name, value] of SECURITY_HEADERS) c.res.headers.set(name, value);
    c.res.headers.set('X-Call-Id', callIdOf(c.req.raw));
  });

  app.get('/', async (c) => {
    const question = readQuestion(new URL(c.req.url).searchParams);
    const offer = await context.offer.get(callIdOf(c.req.raw), question.model);
    const page = classifyPage(context.frame, { address: addressOf(c.req.raw), question, offer });
    return respondPage(page, 200, MAY_BE_RETURNED_TO);
  });
  app.all('/', only('GET', 'HEAD'));

  app.post('/classify', (c) => respondClassification(c.req.raw, context));
  app.all('/classify', only('POST'));

  app.get('/train', (c) => respondTrain(c.req.raw, context));
  app.all('/train', only('GET', 'HEAD'));

  app.get('/status', (c) => respondStatus(c.req.raw, context));
  app.all('/status', only('GET', 'HEAD'));

  app.get('/assets/:path{.+}', (c) => respondAsset(c.req.raw, c.req.param('path'), context.assets));
  app.all('/assets/:path{.+}', only('GET', 'HEAD'));

  app.notFound((c) => {
    const error = new AppError(
      'not-found',
      `Expected a page of this service but received ${quote(c.req.path)}.`,
    );
    return respondError(c.req.raw, error, context);
  });
  app.onError((error, c) => respondError(c.req.raw, error, context));
  return app;
}

/** What is left of a route: a 405 that names the methods it has. */
function only(...methods: readonly string[]): (c: Context) => never {
  return (c) => {
    throw new AppError(
      'method-not-allowed',
      `Expected ${methods.join(' or ')} for this route but received ${c.req.method}.`,
      { allow: methods },
    );
  };
}
