import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { DEFAULT_TEMPLATE, MAX_LABEL_CHARACTERS, MAX_OWN_LABELS } from '../../../shared/core/own-labels.ts';
import type { ClipConfig } from '../config.ts';
import { DEFAULT_TOP, MAX_TOP } from '../request/classify-options.ts';
import { MAX_TEXT_CHARACTERS, MAX_TEXTS } from '../request/embed-texts.ts';
import { jsonResponse, OpenApiDocument, ProblemShape, ReadyAnswer } from '../../../shared/http/api-shapes.ts';
import * as shapes from './schemas.ts';

/** Where the gateway has this function. */
export const PUBLIC_PATH = '/function/clip';

type Registry = OpenAPIHono['openAPIRegistry'];
type RouteDocument = Parameters<Registry['registerPath']>[0];

const headPath = z.object({ head: z.string().regex(/^[a-z0-9-]{1,40}$/) });
const model = z.string().optional().openapi({ description: 'Id of a bundle; `/status` lists them.' });

/** The options of a classification, in the query, in form fields or in a JSON body alike. */
const CLASSIFY_OPTIONS = {
  head: z.array(z.string()).optional().openapi({
    description: 'Ids of heads; repeat it for several answers out of one encoding. Default: cifar100.',
  }),
  top: z.int().min(1).max(MAX_TOP).default(DEFAULT_TOP).openapi({
    description: 'Predictions of each answer.',
  }),
  labels: z.array(z.string().max(MAX_LABEL_CHARACTERS)).max(MAX_OWN_LABELS).optional().openapi({
    description: 'Own labels in place of heads: separated by commas, or one in each of several fields.',
  }),
  template: z
    .string()
    .max(MAX_LABEL_CHARACTERS)
    .optional()
    .openapi({
      description: `A sentence around each own label, with one {}; an article before it gives way to the label's own. Default: ${DEFAULT_TEMPLATE}.`,
    }),
  model,
};

const texts = z.array(z.string().max(MAX_TEXT_CHARACTERS)).max(MAX_TEXTS).optional().openapi({
  description: 'In JSON, in place of `image`.',
});

const file = z.string().openapi({ format: 'binary' });

/**
 * What an upload may be. These only describe: a schema that validated a form would read and hold its whole body before
 * the handler could count it.
 */
function uploadBody(members: Readonly<Record<string, z.ZodType>>) {
  const form = z.object({ image: z.array(file), ...members });
  const body = z.object({ image: z.base64().optional(), ...members });
  return {
    required: true,
    content: {
      'application/octet-stream': { schema: file.openapi({ description: 'One picture; any type will do.' }) },
      'multipart/form-data': { schema: form },
      'application/json': { schema: body },
    },
  };
}

const html = { 'text/html': { schema: { type: 'string' as const } } };

/** One description for each problem status, the same on all routes. */
const PROBLEM_STATUS: Readonly<Record<number, string>> = {
  400: 'No image, options that are not valid (all of them are named), or a request that is no HTTP.',
  404: 'No such head, model, report or route.',
  405: 'The route does not take this method; `Allow` names those it takes.',
  408: 'The request took too long to arrive.',
  413: 'A picture or the whole request is too large.',
  415: 'Not an image that is decoded.',
  422: 'An image, but damaged, too large in pixels, or not decoded in time.',
  429: 'Too much at once; `Retry-After` says when to come back.',
  431: 'The request line and headers are larger than 128 KiB.',
  500: 'An error of ours; the call id names it in the logs.',
  503: 'Still loading; `Retry-After` says when to come back.',
  504: 'The function did not answer in its time.',
};

/** What any route may answer, most of it by the server in front of the function. */
const ON_ALL_ROUTES = [400, 405, 431, 500, 503, 504];

function problems(...statuses: readonly number[]) {
  const content = { 'application/problem+json': { schema: ProblemShape }, ...html };
  return Object.fromEntries(
    [...new Set([...ON_ALL_ROUTES, ...statuses])].map((status) => [
      status,
      { description: PROBLEM_STATUS[status] ?? '', content },
    ]),
  );
}

/** Every route, described. A test holds this list against the routes that the app serves, and all answers against it. */
export function describeRoutes(registry: Registry): void {
  const uploadProblems = problems(404, 408, 413, 415, 422, 429);
  registry.registerPath({
    method: 'post',
    path: '/',
    summary: 'What is in a picture?',
    request: { query: z.object(CLASSIFY_OPTIONS), body: uploadBody(CLASSIFY_OPTIONS) },
    responses: {
      200: jsonResponse(shapes.ClassifyAnswer, 'Labels and how well they fit.'),
      ...uploadProblems,
    },
  });
  registry.registerPath({
    method: 'post',
    path: '/embed',
    summary: 'Pictures or texts to embeddings',
    request: { query: z.object({ model }), body: uploadBody({ texts, model }) },
    responses: { 200: jsonResponse(shapes.EmbedAnswer, 'One embedding each, in order.'), ...uploadProblems },
  });
  registry.registerPath({
    method: 'get',
    path: '/',
    summary: 'How to use it',
    responses: {
      200: {
        description: 'A page, or JSON, as `Accept` asks.',
        content: { 'application/json': { schema: shapes.HowToAnswer }, ...html },
      },
      ...problems(),
    },
  });
  registry.registerPath({
    method: 'get',
    path: '/heads',
    summary: 'The heads of a model',
    request: { query: z.object({ model }) },
    responses: { 200: jsonResponse(shapes.HeadList, 'All heads.'), ...problems(404, 429) },
  });
  registry.registerPath({
    method: 'get',
    path: '/heads/{head}',
    summary: 'One head with its labels',
    request: { params: headPath, query: z.object({ model }) },
    responses: { 200: jsonResponse(shapes.HeadDetail, 'The head.'), ...problems(404, 429) },
  });
  registry.registerPath({
    method: 'get',
    path: '/heads/{head}/evaluation',
    summary: 'How good a head is',
    request: { params: headPath, query: z.object({ model }) },
    responses: { 200: jsonResponse(shapes.EvaluationReport, 'The report.'), ...problems(404, 429) },
  });
  describeOperations(registry);
}

function describeOperations(registry: Registry): void {
  const get = (path: string, summary: string, responses: RouteDocument['responses']) =>
    registry.registerPath({ method: 'get', path, summary, responses: { ...responses, ...problems() } });
  get('/status', 'What it does and how it fares', {
    200: jsonResponse(shapes.StatusAnswer, 'Since its start.'),
  });
  get('/metrics', 'Figures for Prometheus', {
    200: { description: 'Text format.', content: { 'text/plain': { schema: { type: 'string' } } } },
  });
  get('/ready', 'Whether it can answer', {
    200: jsonResponse(ReadyAnswer, 'It can.'),
    ...problems(),
  });
  get('/openapi.json', 'This document', { 200: jsonResponse(OpenApiDocument, 'OpenAPI 3.1.') });
}

/** The whole OpenAPI 3.1 document of `clip`. */
export function apiDocument(app: OpenAPIHono, config: ClipConfig): object {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'clip',
      version: '1',
      description:
        `What is in this picture? At most ${config.maxUploadBytes} bytes a picture, ${config.maxRequestBytes} a ` +
        'request. The API changes by additions only.',
    },
    servers: [{ url: PUBLIC_PATH }],
  });
}
