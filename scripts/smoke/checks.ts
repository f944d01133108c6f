import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, expectStatus, LeftOut, type Check } from './check.ts';

const SAMPLES = join(import.meta.dirname, '../../functions/frontend/assets/samples');
const TOO_LARGE = 11 * 2 ** 20;

interface Answer {
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
}

/** What a person, a program and an operator each rely on, from the outside in. */
export const CHECKS: readonly Check[] = [
  {
    title: 'The gateway answers',
    isCondition: true,
    look: async (gateway) => {
      await expectStatus(await ask(`${gateway}/healthz`), 200);
      return gateway;
    },
  },
  {
    title: 'The page is there, with all that it links to',
    look: async (gateway) => {
      const base = `${gateway}/function/frontend/`;
      const page = await expectStatus(await ask(base, { headers: { Accept: 'text/html' } }), 200);
      const links = [...page.matchAll(/(?:src|href)="(assets\/[^"]+)"/g)].map(([, link = '']) => link);
      if (links.length === 0)
        throw new Error('Expected the page to link to its style but it links to nothing.');
      for (const link of new Set(links)) await expectStatus(await ask(new URL(link, base).href), 200);
      return `${new Set(links).size} files`;
    },
  },
  {
    title: 'The model is loaded, and heads are there',
    look: async (gateway) => {
      const text = await expectStatus(await ask(`${gateway}/function/clip/heads`), 200);
      const { model, heads } = JSON.parse(text) as { model: { id: string }; heads: { id: string }[] };
      if (heads.length === 0) throw new Error('Expected heads but there are none.');
      return `${model.id}: ${heads.map(({ id }) => id).join(', ')}`;
    },
  },
  {
    title: 'A photo of two dogs is of a dog',
    look: async (gateway) => {
      const init = { method: 'POST', body: await photo('two-dogs') };
      return best(await ask(`${gateway}/function/clip?head=cat-dog&top=1`, init), 'dog');
    },
  },
  {
    title: 'The page classifies an upload by way of the gateway',
    look: async (gateway) => {
      const form = new FormData();
      form.append('image', new Blob([await photo('orange')]), 'orange.jpg');
      form.append('head', 'cifar100');
      const init = { method: 'POST', body: form, headers: { Accept: 'application/json' } };
      return best(await ask(`${gateway}/function/frontend/classify`, init), 'orange');
    },
  },
  {
    title: 'Labels of one’s own are understood',
    look: async (gateway) => {
      const query = new URLSearchParams({ labels: 'a castle,a tractor,an orange' });
      const init = { method: 'POST', body: await photo('castle') };
      return best(await ask(`${gateway}/function/clip?${query.toString()}`, init), 'a castle');
    },
  },
  {
    title: 'A call keeps its id',
    look: async (gateway) => {
      const id = randomUUID();
      const response = await ask(`${gateway}/function/clip/heads`, { headers: { 'X-Call-Id': id } });
      await response.text();
      const kept = response.headers.get('X-Call-Id');
      if (kept !== id) throw new Error(`Expected ${id} but received ${String(kept)}.`);
      return id;
    },
  },
  {
    title: 'What is no picture is refused, and the refusal says why',
    look: async (gateway) => {
      const init = { method: 'POST', body: 'this is no picture' };
      return detail(await ask(`${gateway}/function/clip`, init), 415);
    },
  },
  {
    title: 'A file that is too large is refused, and the sender gets to read it',
    look: async (gateway) => {
      const init = { method: 'POST', body: new Uint8Array(randomBytes(TOO_LARGE)) };
      return detail(await ask(`${gateway}/function/clip`, init), 413);
    },
  },
  {
    title: 'Whoever has no token cannot train',
    look: async (gateway) => {
      const response = await askTrainer(`${gateway}/function/trainer/heads/smoke/train`, { method: 'POST' });
      return detail(response, 401, 403);
    },
  },
  {
    title: 'What people trained can be reached',
    look: async (gateway) => {
      const text = await expectStatus(await askTrainer(`${gateway}/function/trainer/heads`), 200);
      const { heads } = JSON.parse(text) as { heads: { id: string }[] };
      return heads.length === 0 ? 'no head yet' : heads.map(({ id }) => id).join(', ');
    },
  },
];

/** @throws LeftOut where trainer is not deployed */
async function askTrainer(url: string, init?: RequestInit): Promise<Response> {
  const response = await ask(url, init);
  if (!isNotDeployed(response.status, await response.clone().text())) return response;
  throw new LeftOut(
    'the gateway knows no trainer that is ready; stack.trainer.yml adds it. Where it is deployed, see its pods',
  );
}

async function photo(name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await readFile(join(SAMPLES, `${name}.jpg`)));
}

/** @throws Error unless the first prediction is `label` */
async function best(response: Response, label: string): Promise<string> {
  const { predictions } = JSON.parse(await expectStatus(response, 200)) as Answer;
  const [first] = predictions;
  if (first?.label !== label) throw new Error(`Expected ${label} but received ${first?.label ?? 'nothing'}.`);
  return `${label}, ${(100 * first.score).toFixed(1)} %`;
}

/**
 * What a gateway says of a function that is not deployed: 404, or Kubernetes' provider 503 in just these words. Those it says also
 * while no pod is ready. Problems of a function have a code.
 */
function isNotDeployed(status: number, text: string): boolean {
  return status === 404
    ? !text.includes('"code"')
    : status === 503 && text.startsWith('No endpoints available');
}

/** The words of a refusal. @throws Error for anything but problem details with one of the statuses */
async function detail(response: Response, ...statuses: readonly number[]): Promise<string> {
  const text = await expectStatus(response, ...statuses);
  const type = response.headers.get('Content-Type') ?? '';
  if (!type.startsWith('application/problem+json'))
    throw new Error(`Expected problem details but received ${type || 'no type'}.`);
  return (JSON.parse(text) as { detail: string }).detail;
}
