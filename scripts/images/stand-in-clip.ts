/**
 * Answers as the gateway with `clip` behind it would, so that the images of `frontend` and `trainer` can be tried without: takes
 * pictures in, leaves the caller waiting as a busy classifier does, and answers in the same shape. It runs from its text
 * beside a container, in its network, so it imports nothing but Node's own.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What a picture of twelve megapixels takes while others are decoded. */
const ANSWER_MS = 500;
/** Numbers of an embedding, as many as mini-clip's. */
const DIMENSIONS = 512;

const model = { id: 'stand-in', revision: `sha256:${'0'.repeat(64)}` };
const head = { id: 'cifar100', title: 'Everyday things', labelCount: 100, version: model.revision };
const lists = { model, models: [model.id], heads: [head] };
const classification = {
  head: head.id,
  version: head.version,
  model,
  image: { sha256: '0'.repeat(64), width: 4000, height: 3000, format: 'jpeg' },
  predictions: [{ label: 'castle', score: 0.9, similarity: 0.3 }],
  confident: true,
};
const embedding = { sha256: '0'.repeat(64), values: Array.from({ length: DIMENSIONS }, () => 0.04) };

async function answer(request: IncomingMessage): Promise<object> {
  if (request.method === 'GET') return lists;
  const body = await buffer(request);
  await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
  if (request.url !== '/function/clip/embed') return classification;
  const pictures = body.toString('latin1').split('name="image"').slice(1);
  return { model, embeddings: pictures.map(() => embedding) };
}

const server = createServer((request, response) => {
  answer(request).then(
    (json) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(json)),
    () => response.destroy(),
  );
});

server.listen(Number(process.env.STAND_IN_PORT), '127.0.0.1', () => {
  process.stdout.write(`listening on ${(server.address() as AddressInfo).port}\n`);
});
