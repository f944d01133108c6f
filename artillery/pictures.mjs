/**
 * Request bodies for the scenarios: real photographs, the same bytes again (answered from the cache) or bytes never seen before
 * (encoded anew). A unique one differs by a comment segment, so the picture itself stays as it is.
 */
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SAMPLES = join(dirname(fileURLToPath(import.meta.url)), '../functions/frontend/assets/samples');
const pictures = readdirSync(SAMPLES)
  .filter((name) => name.endsWith('.jpg'))
  .sort()
  .map((name) => readFileSync(join(SAMPLES, name)));

const pick = () => pictures[Math.floor(Math.random() * pictures.length)];

/**
 * A JPEG with a comment of 16 random bytes behind its start marker.
 * @see ITU-T T.81, B.2.4.5: X'FFFE', length (two bytes, itself included), comment
 */
export function withComment(jpeg) {
  const comment = randomBytes(16);
  const segment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
}

/** `beforeRequest`: a picture that was sent before, as raw bytes. */
export async function repeatedPicture(request) {
  setBody(request, pick(), 'image/jpeg');
}

/** `beforeRequest`: a picture whose bytes nobody sent before. */
export async function uniquePicture(request) {
  setBody(request, withComment(pick()), 'image/jpeg');
}

/** `beforeRequest`: the form that a browser sends to the page's function. */
export async function uniqueForm(request) {
  const boundary = `----load${randomBytes(8).toString('hex')}`;
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="image"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(head),
    withComment(pick()),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ]);
  setBody(request, body, `multipart/form-data; boundary=${boundary}`);
}

function setBody(request, body, type) {
  request.body = body;
  request.headers = { ...request.headers, 'content-type': type };
}

/** `afterResponse`: what is turned away politely, and whether it says when to come back. Zeros count too: a threshold wants a figure. */
// eslint-disable-next-line max-params -- Artillery calls it so
export async function countRefusals(_request, response, _context, events) {
  const isRefused = response.statusCode === 429;
  const saysWhen = response.headers['retry-after'] !== undefined;
  events.emit('counter', 'refused.429', Number(isRefused));
  events.emit('counter', 'refused.without_retry_after', Number(isRefused && !saysWhen));
}

/** `afterResponse`: the first answer of a user and the later ones, apart. */
// eslint-disable-next-line max-params -- Artillery calls it so
export async function timeFirstApart(_request, response, context, events) {
  const total = response.timings?.phases?.total;
  if (typeof total !== 'number') return;
  events.emit('histogram', context.vars.isWarm ? 'warm.response_time' : 'cold.response_time', total);
  context.vars.isWarm = true;
}
