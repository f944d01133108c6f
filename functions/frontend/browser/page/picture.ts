import { byteCount, sizeLimit } from '../../view/figures.ts';
import { markUnseen, readAnswers, type Answer } from '../../view/answer.ts';
import { ANY_HEAD, OWN_LABELS } from '../../view/head-summary.ts';
import { writeQuestion, type Question } from '../../view/question.ts';
import type { JsonRecord } from '../../view/record.ts';
import { spokenResult } from '../../view/result-view.ts';
import type { Announcer } from './announcer.ts';
import type { ClipHeads } from './clip-heads.ts';
import type { Corrector } from './corrector.ts';
import { PictureCard } from './picture-card.ts';
import { preparePicture, type PreparedPicture } from './prepare-picture.ts';
import { sendBody } from './send-body.ts';
import { SendError } from './send-error.ts';
import type { TaskQueue } from './task-queue.ts';

/** With the service's own waiting, about a minute: then it says so and stops. */
const MAX_ATTEMPTS = 6;
const LOADING_PAUSE_MS = 1_500;

export interface PictureContext {
  readonly announcer: Announcer;
  readonly heads: ClipHeads;
  readonly queue: TaskQueue;
  readonly corrector: Corrector;
  readonly maxUploadBytes: number;
  /** The question to ask when a person says "again". */
  readonly question: () => Question;
  readonly onAnswered: (picture: Picture, question: Question) => void;
  readonly onFailed: () => void;
  readonly onRemoved: (picture: Picture) => void;
}

/** A picture on the page, from its file to its answers. Asked anew, what is still under way is given up. */
export class Picture {
  readonly file: File;
  readonly card: PictureCard;
  readonly #context: PictureContext;
  #prepared: Promise<PreparedPicture> | undefined;
  #asking: AbortController | undefined;
  /** Empty until it is answered. */
  answers: readonly Answer[] = [];
  /** What `clip` answered, to the letter. */
  reply: unknown;
  /** Why there is no answer; undefined while there is one, or may still come. */
  problem: JsonRecord | undefined;

  constructor(file: File, context: PictureContext) {
    this.file = file;
    this.#context = context;
    this.card = new PictureCard(file.name, {
      cancel: () => this.#cancel(),
      repeat: () => void this.ask(context.question()),
      remove: () => this.remove(),
    });
  }

  get name(): string {
    return this.file.name;
  }

  async ask(question: Question): Promise<void> {
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.problem = undefined;
    this.card.showWaiting('Waiting for its turn …');
    await this.#context.queue.run(async () => {
      try {
        if (!asking.signal.aborted) await this.#send(question, asking.signal);
      } catch (error) {
        if (!asking.signal.aborted) this.#fail(error);
      }
    });
  }

  remove(): void {
    this.#asking?.abort();
    this.card.remove();
    this.#context.onRemoved(this);
  }

  async #send(question: Question, signal: AbortSignal): Promise<void> {
    this.card.showWaiting('Getting it ready …');
    const sent = await this.#prepare();
    if (isOver(signal)) return;
    if (sent.body.size === 0) throw empty();
    if (sent.body.size > this.#context.maxUploadBytes)
      throw tooLarge(sent.body.size, this.#context.maxUploadBytes);
    this.reply = await this.#sendPatiently(sent, question, signal);
    if (isOver(signal)) return;
    this.answers = readAnswers(this.reply);
    this.#show(sent);
    this.#context.announcer.say(spokenResult(this.name, this.answers));
    this.#context.onAnswered(this, question);
    void this.#offerCorrection(sent, signal);
    await this.#mark(sent, signal);
  }

  /** A head or a model that is still being made is worth asking for again; each time the service waits for it too. */
  async #sendPatiently(sent: PreparedPicture, question: Question, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.card.showProgress(0);
        return await sendBody({
          path: 'classify',
          body: formOf(question, sent.body, this.name),
          onProgress: (share) => this.card.showProgress(share),
          signal,
        });
      } catch (error) {
        const isLoading = error instanceof SendError && error.code === 'not-ready';
        if (!isLoading || attempt === MAX_ATTEMPTS) throw error;
        this.card.showWaiting('Still loading what this question needs. It is asked again in a moment …');
        await pause(LOADING_PAUSE_MS);
        if (isOver(signal)) throw error;
      }
    }
  }

  /** Made ready once, however often it is asked. */
  #prepare(): Promise<PreparedPicture> {
    this.#prepared ??= preparePicture(this.file, this.#context.maxUploadBytes).then((prepared) => {
      this.card.showPicture(prepared.body);
      return prepared;
    });
    return this.#prepared;
  }

  #show(sent: PreparedPicture): void {
    this.card.showAnswers(this.answers, { heads: this.#context.heads.list, file: this.file, sent });
  }

  /** Under the answers, where this service can be taught. */
  async #offerCorrection(sent: PreparedPicture, signal: AbortSignal): Promise<void> {
    const { corrector, heads } = this.#context;
    if (!(await corrector.isOn()) || isOver(signal)) return;
    const picture = new File([sent.body], this.name, { type: sent.body.type });
    this.card.offer(corrector.offer({ picture, answers: this.answers, heads: heads.list }));
  }

  /** Words that the model never met are marked as soon as it is known: the answer does not wait for it. */
  async #mark(sent: PreparedPicture, signal: AbortSignal): Promise<void> {
    const marked = await Promise.all(
      this.answers.map(async (answer) =>
        answer.head === OWN_LABELS
          ? answer
          : markUnseen(answer, await this.#context.heads.unseenLabels(answer.head)),
      ),
    );
    const isNew = marked.some((answer, index) => answer !== this.answers[index]);
    if (isOver(signal) || !isNew) return;
    this.answers = marked;
    this.#show(sent);
  }

  #cancel(): void {
    this.#asking?.abort();
    this.card.showCancelled();
    this.#context.announcer.say(`${this.name}: cancelled.`);
  }

  #fail(error: unknown): void {
    const known = error instanceof SendError ? error : unreadable();
    this.answers = [];
    this.problem = known.problem;
    this.card.showError(known);
    this.#context.onFailed();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** A function, since the compiler takes a signal that was not aborted once for one that never is. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** What `classify` is sent; without labels and heads, any head may answer. */
function formOf(question: Question, picture: Blob, name: string): FormData {
  const form = new FormData();
  for (const [field, value] of writeQuestion(question)) form.append(field, value);
  if (question.heads.length === 0 && question.labels.length === 0) form.append('head', ANY_HEAD);
  form.append('image', picture, name);
  return form;
}

function tooLarge(bytes: number, max: number): SendError {
  return new SendError({
    code: 'body-too-large',
    title: 'The file is too large',
    detail: `This file has ${byteCount(bytes)}; up to ${sizeLimit(max)} can be sent, and the browser could not make it smaller.`,
  });
}

function empty(): SendError {
  return new SendError({
    code: 'undecodable-image',
    title: 'The file is empty',
    detail: 'There is nothing in this file. It may not have been downloaded or copied to its end.',
  });
}

function unreadable(): SendError {
  return new SendError({
    code: 'undecodable-image',
    title: 'The file cannot be read',
    detail: 'The browser could not read this file. It may have been moved, or be a folder.',
  });
}
