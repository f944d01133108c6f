import type { MessagePort, Transferable, Worker } from 'node:worker_threads';
import { AppError } from '../core/errors.ts';

/** From the caller to the worker: a call, or that there will be no more. */
type CallerMessage<Request> =
  { readonly kind: 'call'; readonly id: number; readonly request: Request } | { readonly kind: 'close' };

/** From the worker: that it can take calls, or what became of one. */
type WorkerMessage<Answer> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string };

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Calls into a worker thread, answered in any order. When the thread dies, the calls that it held fail as `not-ready`
 * and another one is started.
 */
export class WorkerCalls<Request, Answer> {
  readonly #start: () => Worker;
  readonly #onDeath: (reason: Error) => void;
  readonly #pending = new Map<number, Pending<Answer>>();
  #lastId = 0;
  #isClosed = false;
  #worker: Promise<Worker> | undefined;
  #isRunning = false;

  /**
   * @param start makes the thread; its entry calls `answerCalls` once it is ready
   * @param onDeath told why a thread ended that was not closed, or why one could not be started
   */
  constructor(start: () => Worker, onDeath: (reason: Error) => void = () => undefined) {
    this.#start = start;
    this.#onDeath = onDeath;
  }

  /** @throws Error when the thread cannot be started: what it said */
  async ready(): Promise<void> {
    await this.#running();
  }

  /** False until the thread is ready, and from its death until another one is. */
  get isRunning(): boolean {
    return this.#isRunning;
  }

  /**
   * @param transfer buffers that move to the thread instead of being copied
   * @throws AppError `not-ready` when the thread dies before it answers or cannot be started; Error with the thread's own message when the
   *         call failed there
   */
  async call(request: Request, transfer: readonly Transferable[] = []): Promise<Answer> {
    const worker = await this.#running().catch((cause: unknown) => {
      throw stopped(cause);
    });
    const id = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ kind: 'call', id, request } satisfies CallerMessage<Request>, transfer);
    });
  }

  /**
   * Lets the thread end the call that it is at, and waits for its end; those behind it fail. Terminating it within a
   * native call could take the whole process along.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    const worker = await this.#worker?.catch(() => undefined);
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage({ kind: 'close' } satisfies CallerMessage<Request>);
    await ended;
  }

  #running(): Promise<Worker> {
    if (this.#isClosed) return Promise.reject(stopped());
    if (this.#worker === undefined) {
      const starting = this.#startOne();
      this.#worker = starting;
      // A start that failed is not kept: the next call tries again.
      starting.catch(() => {
        if (this.#worker === starting) this.#worker = undefined;
      });
    }
    return this.#worker;
  }

  #startOne(): Promise<Worker> {
    const worker = this.#start();
    return new Promise((resolve, reject) => {
      let isReady = false;
      let failure: unknown;
      worker.on('error', (error) => (failure = error));
      worker.on('exit', (code) => {
        this.#isRunning = false;
        const reason =
          failure instanceof Error ? failure : new Error(`The worker thread ended with ${code}.`);
        if (!this.#isClosed) this.#onDeath(reason);
        if (isReady) this.#restart();
        else reject(reason);
      });
      worker.on('message', (message: WorkerMessage<Answer>) => {
        if (message.kind === 'ready') {
          isReady = true;
          this.#isRunning = true;
          resolve(worker);
        } else this.#settle(message);
      });
    });
  }

  #settle(message: Exclude<WorkerMessage<Answer>, { kind: 'ready' }>): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.kind === 'answer') pending?.resolve(message.answer);
    else pending?.reject(new Error(message.message));
  }

  #restart(): void {
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(stopped());
    this.#pending.clear();
    if (!this.#isClosed) this.#running().catch(() => undefined);
  }
}

function stopped(cause?: unknown): AppError {
  return new AppError('not-ready', 'The model stopped while it worked on this. It is being started again.', {
    retryAfterSeconds: 2,
    cause,
  });
}

/** What a worker makes of one call. */
export interface WorkerAnswer {
  readonly answer: unknown;
  readonly transfer: readonly Transferable[];
}

/**
 * The worker's side: says that it is ready and answers calls one after the other. An error that `handle` throws goes
 * back to that caller; the thread lives on.
 * @param handle takes and gives the types that the caller's WorkerCalls was made for
 */
export function answerCalls(port: MessagePort, handle: (request: never) => Promise<WorkerAnswer>): void {
  let last = Promise.resolve();
  let isClosing = false;
  port.on('message', (message: CallerMessage<never>) => {
    if (message.kind === 'close') {
      isClosing = true;
      // Nothing else keeps the thread alive.
      void last.finally(() => port.close());
      return;
    }
    const { id, request } = message;
    last = last
      .then(() => (isClosing ? Promise.reject(new Error('closing')) : handle(request)))
      .then(({ answer, transfer }) => port.postMessage({ kind: 'answer', id, answer }, transfer))
      .catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        port.postMessage({ kind: 'failure', id, message } satisfies WorkerMessage<unknown>);
      });
  });
  port.postMessage({ kind: 'ready' } satisfies WorkerMessage<unknown>);
}
