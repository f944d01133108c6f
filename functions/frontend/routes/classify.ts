import { AppError, invalidFields } from '../../../shared/core/errors.ts';
import { callIdOf } from '../../../shared/http/call-id.ts';
import type { ClipClient, ClipReply } from '../../../shared/http/clip-client.ts';
import { onceSent } from '../../../shared/http/once-sent.ts';
import { prefersHtml } from '../../../shared/http/negotiate.ts';
import type { Assets } from '../assets.ts';
import type { BytesHeld, BytesInFlight } from '../../../shared/http/bytes-in-flight.ts';
import type { ClipOffer } from '../clip-offer.ts';
import type { FrontendConfig } from '../config.ts';
import { classifyPage } from '../pages/classify-page.ts';
import type { PageFrame } from '../pages/layout.ts';
import { readAnswers } from '../view/answer.ts';
import { ANY_HEAD, OWN_LABELS, resolveHeads, type HeadSummary } from '../view/head-summary.ts';
import type { Offer } from '../view/offer.ts';
import { readQuestion, writeQuestion, type Question } from '../view/question.ts';
import { readClassificationForm, type ClassificationForm } from './classification-form.ts';
import { classificationOptions } from './classification-options.ts';
import { addressOf, respondPage } from './respond.ts';

export interface ClassifyContext {
  readonly assets: Assets;
  readonly clip: ClipClient;
  readonly config: FrontendConfig;
  readonly frame: PageFrame;
  readonly inFlight: BytesInFlight;
  readonly offer: ClipOffer;
}

const NO_OFFER: Offer = { heads: [], models: [] };

/** Headers of `clip`'s answer that say how it came about. */
const PASSED_ON = ['Server-Timing', 'X-Cache'];

/**
 * A picture from the page's form, asked of `clip`.
 * @returns a page or JSON in the shape of `clip`, as the caller prefers
 * @throws  AppError for everything that goes wrong on the way
 */
export async function respondClassification(request: Request, context: ClassifyContext): Promise<Response> {
  const held = context.inFlight.open();
  try {
    const form = await readClassificationForm(request, context.config, held);
    const picture = form.picture ?? samplePicture(form, context.assets);
    if (picture === undefined || picture.byteLength === 0) {
      throw new AppError(
        'bad-request',
        'Expected a picture for `image` but received none. Choose one first.',
      );
    }
    return onceSent(await answer(request, { picture, form, held }, context), held.release);
  } catch (error) {
    held.release();
    throw error;
  }
}

async function answer(
  request: Request,
  sent: { picture: Uint8Array; form: ClassificationForm; held: BytesHeld },
  context: ClassifyContext,
): Promise<Response> {
  const callId = callIdOf(request);
  const isPage = prefersHtml(request);
  const written = readQuestion(classificationOptions(new URL(request.url).searchParams, sent.form.fields));
  const offer =
    isPage || written.heads.includes(ANY_HEAD) ? await context.offer.get(callId, written.model) : NO_OFFER;
  const question = isPage ? pageQuestion(written) : programQuestion(written);
  const asked = askedOfClip(question, offer.heads);
  const reply = await context.clip.call({
    ...requestFor(asked, sent.picture),
    callId,
    signal: request.signal,
  });
  const headers = headersOf(reply);
  if (!isPage)
    return Response.json(reply.json, {
      headers: { 'Cache-Control': 'no-store', Vary: 'Accept', ...headers },
    });
  const answers = readAnswers(reply.json);
  if (answers.length === 0) {
    throw new AppError('upstream-failed', 'The classifier answered in a way that this page does not know.');
  }
  const page = classifyPage(context.frame, {
    address: addressOf(request),
    question,
    offer,
    result: { answers, picture: sent.picture, isShown: hasRoom(sent) },
  });
  return respondPage(page, 200, headers);
}

/** Whether the page may show the picture: for that it carries it once more, in base64, and then as bytes. */
function hasRoom({ picture, held }: { picture: Uint8Array; held: BytesHeld }): boolean {
  try {
    held.admit(3 * picture.byteLength);
    return true;
  } catch {
    return false;
  }
}

/**
 * Without JavaScript a form sends all its fields. Words count when "own words" is chosen, or typed while nothing else
 * was chosen.
 */
function pageQuestion(question: Question): Question {
  const isOwn = question.heads.includes(OWN_LABELS);
  const isOpen = question.heads.every((head) => head === ANY_HEAD);
  if (isOwn && question.labels.length === 0) {
    throw new AppError(
      'bad-request',
      'Expected words for `labels` but received none. Write a few, one a line.',
    );
  }
  return isOwn || (isOpen && question.labels.length > 0)
    ? { ...question, heads: [] }
    : { ...question, labels: [], template: '' };
}

/** A program says what it means: a template without labels is a mistake. */
function programQuestion(question: Question): Question {
  if (question.template !== '' && question.labels.length === 0) {
    const message = 'Expected `labels` beside `template` but received none.';
    throw invalidFields([{ field: 'template', message }]);
  }
  return question;
}

function askedOfClip(question: Question, heads: readonly HeadSummary[]): Question {
  return question.heads.includes(ANY_HEAD)
    ? { ...question, heads: resolveHeads(question.heads, heads) }
    : question;
}

/** Words of somebody's own go into a form: queries stand in the watchdog's log, and carry neither commas nor many. */
function requestFor(
  question: Question,
  picture: Uint8Array,
): { query: URLSearchParams; body: Uint8Array | FormData } {
  if (question.labels.length === 0) return { query: writeQuestion(question), body: picture };
  const form = new FormData();
  for (const label of question.labels) form.append('labels', label);
  if (question.template !== '') form.append('template', question.template);
  form.append('image', new Blob([picture]), 'picture');
  return { query: writeQuestion({ ...question, labels: [], template: '' }), body: form };
}

function headersOf(reply: ClipReply): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const value = reply.headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

/** Without JavaScript, a sample is asked for by its name. */
function samplePicture(form: ClassificationForm, assets: Assets): Uint8Array | undefined {
  const name = form.fields.find(([field]) => field === 'sample')?.[1];
  return name === undefined ? undefined : assets.get(`samples/${name}`)?.bytes;
}
