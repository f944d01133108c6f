import type { z } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { DEFAULT_TEMPLATE } from '../../../shared/core/own-labels.ts';
import { gatewayAddress } from '../../../shared/http/gateway-address.ts';
import { prefersHtml } from '../../../shared/http/negotiate.ts';
import { PUBLIC_PATH } from '../api/document.ts';
import type { HowToAnswer } from '../api/schemas.ts';
import { respondPage } from '../pages/page.ts';
import { DEFAULT_TOP, MAX_TOP } from '../request/classify-options.ts';
import type { Services } from '../services.ts';

const LINKS = ['heads', 'status', 'metrics', 'ready', 'openapi.json'];
/** Where stack.yml puts the page for people. */
const PAGE_PATH = '/function/frontend/';
const MiB = 2 ** 20;
/** The examples name the address that the caller used, by headers that anybody may write: no cache may hand them to others. */
const HEADERS = { 'Cache-Control': 'no-store' };

/** `GET /`: how to use it, as a page or JSON. */
export function respondHowTo(request: Request, services: Services): Promise<Response> | Response {
  const guide = howTo(services, gatewayAddress(request));
  return prefersHtml(request) ? guidePage(guide) : Response.json(guide, { headers: HEADERS });
}

function howTo({ config, pool }: Services, address: string): z.infer<typeof HowToAnswer> {
  const url = `${address}${PUBLIC_PATH}`;
  return {
    name: 'clip',
    description: 'Says what is in a picture. Post its bytes; the answer is JSON.',
    model: pool.default.encoder.bundle.manifest.title,
    limits: {
      maxUploadBytes: config.maxUploadBytes,
      maxRequestBytes: config.maxRequestBytes,
      maxImages: config.maxImages,
      maxImagePixels: config.maxImagePixels,
    },
    options: {
      head: `Which labels: an id of /heads; repeat it for several. Default: ${pool.default.heads.defaultId}.`,
      top: `How many of them, 1 to ${MAX_TOP}. Default: ${DEFAULT_TOP}.`,
      labels: 'Own labels, separated by commas, in place of a head.',
      template: `A sentence around each own label; its article gives way to the label's. Default: ${DEFAULT_TEMPLATE}.`,
      model: 'Which model; /status lists them.',
    },
    examples: [
      { title: 'One picture', command: `curl --data-binary @photo.jpg ${url}` },
      {
        title: 'Two heads at once',
        command: `curl --data-binary @photo.jpg '${url}?head=cifar100&head=cat-dog'`,
      },
      { title: 'Own labels', command: `curl --data-binary @photo.jpg '${url}?labels=red%20car,bicycle'` },
      { title: 'Several pictures', command: `curl -F image=@a.jpg -F image=@b.png ${url}` },
      { title: 'An embedding', command: `curl --data-binary @photo.jpg ${url}/embed` },
      { title: 'By faas-cli', command: 'faas-cli invoke clip < photo.jpg' },
    ],
    links: Object.fromEntries(LINKS.map((name) => [name, `${PUBLIC_PATH}/${name}`])),
  };
}

function guidePage(guide: z.infer<typeof HowToAnswer>): Promise<Response> {
  const main = html`<p>${guide.description}</p>
    <p>For people there is <a href="${PAGE_PATH}">a page</a>.</p>
    <p>Model: ${guide.model}</p>
    ${guide.examples.map(
      ({ title, command }) =>
        html`<h2>${title}</h2>
          <pre tabindex="0" role="region" aria-label="${title}"><code>${command}</code></pre>`,
    )}
    <h2>Options</h2>
    <p>In the query, in form fields or in a JSON body.</p>
    <dl>
      ${Object.entries(guide.options).map(
        ([name, text]) =>
          html`<dt>${name}</dt>
            <dd>${text}</dd>`,
      )}
    </dl>
    <h2>Limits</h2>
    <dl>
      ${Object.entries(guide.limits).map(
        ([name, limit]) =>
          html`<dt>${name}</dt>
            <dd>${readable(name, limit)}</dd>`,
      )}
    </dl>
    <h2>More</h2>
    <ul>
      ${Object.values(guide.links).map((link) => html`<li><a href="${link}">${link}</a></li>`)}
    </ul>`;
  return respondPage({ title: 'clip', main }, { headers: HEADERS });
}

/** @example readable('maxUploadBytes', 10_485_760) // '10 MiB' */
function readable(name: string, limit: number): string {
  return name.endsWith('Bytes') && limit >= MiB
    ? `${Number((limit / MiB).toFixed(1))} MiB`
    : limit.toLocaleString('en-US');
}
