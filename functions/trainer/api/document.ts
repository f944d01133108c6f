import { z, type OpenAPIHono } from '@hono/zod-openapi';
import type { TrainerConfig } from '../config.ts';
import { MAX_PICTURES } from '../examples/upload.ts';
import { jsonResponse, OpenApiDocument, ProblemShape, ReadyAnswer } from '../../../shared/http/api-shapes.ts';
import * as shapes from './schemas.ts';

/** Where the gateway has this function. */
const PUBLIC_PATH = '/function/trainer';
const BEARER = 'token';

type Registry = OpenAPIHono['openAPIRegistry'];
type RouteDocument = Parameters<Registry['registerPath']>[0];

const head = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/)
  .openapi({
    description: 'Not `digits`, which reads pixels, nor `labels`, which is reserved.',
  });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const label = z.string().max(100).openapi({ description: "Letters, digits, space and _-'.()." });
const file = z.string().openapi({ format: 'binary' });
const text = { type: 'string' as const };

/** One description for each problem status, the same on all routes. */
const PROBLEM_STATUS: Readonly<Record<number, string>> = {
  400: 'A name, a label or an option that is not valid, or a request that is no HTTP.',
  401: 'The token is missing or another one.',
  403: 'No token is set: writes are off, and the answer says how to turn them on.',
  404: 'No such head, version, example or route.',
  405: 'The route does not take this method; `Allow` names those it takes.',
  408: 'The request took too long to arrive.',
  409: 'Not possible in the present state: too few labels or examples, or a training is running.',
  413: 'The whole request is too large.',
  429: 'Other pictures are being taken in, and its turn did not come in time; `Retry-After` says when to come back.',
  431: 'The request line and headers are larger than 128 KiB.',
  500: 'An error of ours; the call id names it in the logs.',
  502: 'The classifier cannot be reached.',
  503: 'The store is away, or the function or the classifier is still loading.',
  504: 'The classifier took too long, or the function did not answer in its time.',
  507: 'The store is full, or a bound of it is reached; the answer says which.',
};

/** What any route may answer, most of it by the server in front of the function. */
const ON_ALL_ROUTES = [400, 405, 431, 500, 503, 504];

function problems(...statuses: readonly number[]) {
  const content = { 'application/problem+json': { schema: ProblemShape } };
  return Object.fromEntries(
    [...ON_ALL_ROUTES, ...statuses].map((status) => [
      status,
      { description: PROBLEM_STATUS[status] ?? '', content },
    ]),
  );
}

/** Every route, described. A test holds this list against the routes that the app serves, and all answers against it. */
export function describeRoutes(registry: Registry): void {
  registry.registerComponent('securitySchemes', BEARER, { type: 'http', scheme: 'bearer' });
  describeHeads(registry);
  describeExamples(registry);
  describeOperations(registry);
}

/** A route that asks for the token. */
function guarded(route: RouteDocument, ...statuses: readonly number[]): RouteDocument {
  const responses = { ...route.responses, ...problems(401, 403, ...statuses) };
  return { ...route, security: [{ [BEARER]: [] }], responses };
}

function describeHeads(registry: Registry): void {
  const params = z.object({ head });
  const upstream = [429, 502];
  registry.registerPath({
    method: 'get',
    path: '/heads',
    summary: 'The heads that were trained or have examples',
    responses: { 200: jsonResponse(shapes.HeadList, 'Their ids, in order.'), ...problems() },
  });
  registry.registerPath({
    method: 'get',
    path: '/heads/{head}',
    summary: 'A head, its versions and their figures',
    request: { params },
    responses: { 200: jsonResponse(shapes.HeadAnswer, 'The head.'), ...problems(404, ...upstream) },
  });
  const remove: RouteDocument = {
    method: 'delete',
    path: '/heads/{head}',
    summary: 'Takes away all versions and examples; a built-in head is then what it was',
    request: { params },
    responses: { 200: jsonResponse(shapes.RemovedHead, 'They are gone.') },
  };
  registry.registerPath(guarded(remove, 404, 409, ...upstream));
  const version = z.string().regex(/^(0|sha256:[0-9a-f]{64})$/);
  const rollBack: RouteDocument = {
    method: 'post',
    path: '/heads/{head}/rollback',
    summary: 'Makes a version live that was so before; 0 is the built-in one',
    request: { params, query: z.object({ version }) },
    responses: { 200: jsonResponse(shapes.RolledBack, 'It is live.') },
  };
  registry.registerPath(guarded(rollBack, 404, ...upstream));
  const train: RouteDocument = {
    method: 'post',
    path: '/heads/{head}/train',
    summary: 'Fits the head while the request lasts, and makes it live',
    description:
      'Events: `start`, `embedding` (`done`, `total`; after a change of the model), `epoch` (`epoch`, `trainLoss`, ' +
      '`validationLoss`, `validationAccuracy`, `learningRate`), then `done` (`version`, `before`, `after`) or `error` ' +
      '(a problem). A stream without one of the last two was cut off. Who leaves cancels. After `done` it stays open ' +
      'until clip answers by the new version, two seconds at most.',
    request: {
      params,
      query: z.object({
        title: z.string().max(100).optional(),
        seed: z.int().min(0).default(0),
        augment: z.boolean().default(true).openapi({ description: 'Whether altered copies count as well.' }),
      }),
    },
    responses: {
      200: {
        description: 'The events; as NDJSON where `Accept` asks for that.',
        content: { 'text/event-stream': { schema: text }, 'application/x-ndjson': { schema: text } },
      },
    },
  };
  registry.registerPath(guarded(train, 409, ...upstream));
}

function describeExamples(registry: Registry): void {
  const params = z.object({ head });
  const one = z.object({ head, sha256 });
  const path = '/heads/{head}/examples';
  const add: RouteDocument = {
    method: 'post',
    path,
    summary: `Up to ${MAX_PICTURES} pictures of one label, each answered with a status of its own`,
    request: {
      params,
      query: z.object({ label }),
      body: {
        required: true,
        content: {
          'multipart/form-data': { schema: z.object({ image: z.array(file) }) },
          'application/octet-stream': { schema: file.openapi({ description: 'One picture.' }) },
        },
      },
    },
    responses: { 200: jsonResponse(shapes.UploadAnswer, 'What became of each.') },
  };
  registry.registerPath(guarded(add, 408, 413, 429, 507));
  const list: RouteDocument = {
    method: 'get',
    path,
    summary: 'The examples of a head',
    request: { params },
    responses: { 200: jsonResponse(shapes.ExampleList, 'By label, the oldest first.') },
  };
  registry.registerPath(guarded(list));
  const clear: RouteDocument = {
    method: 'delete',
    path,
    summary: 'Removes the examples of a head, or of one label of it',
    request: { params, query: z.object({ label: label.optional() }) },
    responses: { 200: jsonResponse(shapes.Removed, 'They are gone.') },
  };
  registry.registerPath(guarded(clear));
  const thumbnail: RouteDocument = {
    method: 'get',
    path: `${path}/{sha256}`,
    summary: 'An example as a small JPEG',
    request: { params: one },
    responses: { 200: { description: 'A JPEG.', content: { 'image/jpeg': { schema: file } } } },
  };
  registry.registerPath(guarded(thumbnail, 404));
  const remove: RouteDocument = {
    method: 'delete',
    path: `${path}/{sha256}`,
    summary: 'Removes one example',
    request: { params: one },
    responses: { 200: jsonResponse(shapes.Removed, 'It is gone.') },
  };
  registry.registerPath(guarded(remove, 404));
}

function describeOperations(registry: Registry): void {
  const get = (path: string, summary: string, responses: RouteDocument['responses']) =>
    registry.registerPath({ method: 'get', path, summary, responses: { ...responses, ...problems() } });
  get('/status', 'Whether it can train, and what it did', {
    200: jsonResponse(shapes.StatusAnswer, 'Its status.'),
  });
  get('/metrics', 'Figures for Prometheus', {
    200: { description: 'Text format.', content: { 'text/plain': { schema: text } } },
  });
  get('/ready', 'Whether it can answer', { 200: jsonResponse(ReadyAnswer, 'It can.') });
  get('/openapi.json', 'This document', { 200: jsonResponse(OpenApiDocument, 'OpenAPI 3.1.') });
}

/** The whole OpenAPI 3.1 document of `trainer`. */
export function apiDocument(app: OpenAPIHono, config: TrainerConfig): object {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'trainer',
      version: '1',
      description:
        `Heads out of example pictures. At most ${config.maxUploadBytes} bytes a picture, ${config.maxRequestBytes} ` +
        'a request. The API changes by additions only.',
    },
    servers: [{ url: PUBLIC_PATH }],
  });
}
