import type { IncomingMessage } from 'node:http';

/**
 * How far a body is read on once nobody wants it, so that its sender gets to see the answer, not a reset: far, since proxies
 * that are answered in the middle of sending may make a 502 of it. `lingerMs` more the connection stays open for the answer.
 */
const DISCARD = { maxBytes: 512 * 2 ** 20, maxMs: 5_000, lingerMs: 1_000 };

/** Held in memory for a reader that is slower than the network. */
const BUFFER_BYTES = 256 * 2 ** 10;

export class BodyTooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`Expected a body of at most ${maxBytes} bytes.`);
    this.name = 'BodyTooLargeError';
  }
}

/**
 * A request's body as a web stream that counts while it reads: behind of-watchdog no Content-Length arrives. Over the
 * limit the stream fails with BodyTooLargeError and `exceeded` resolves, whatever the reader makes of the failure.
 */
export class LimitedBody {
  readonly stream: ReadableStream<Uint8Array>;
  readonly exceeded: Promise<void>;
  readonly #incoming: IncomingMessage;
  readonly #maxBytes: number;
  #received = 0;
  #isWanted = true;
  #drained: Promise<boolean> | undefined;
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  #exceed!: () => void;

  constructor(incoming: IncomingMessage, maxBytes: number) {
    this.#incoming = incoming;
    this.#maxBytes = maxBytes;
    this.exceeded = new Promise((resolve) => {
      this.#exceed = resolve;
    });
    this.stream = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => void incoming.resume(),
        cancel: () => {
          this.#isWanted = false;
        },
      },
      { highWaterMark: BUFFER_BYTES, size: (chunk) => chunk.byteLength },
    );
    incoming.pause();
    incoming.on('data', (chunk: Buffer) => this.#take(chunk));
    incoming.on('end', () => this.#finish((controller) => controller.close()));
    incoming.on('close', () =>
      this.#finish((controller) =>
        controller.error(new Error('The client went away before its body ended.')),
      ),
    );
  }

  get isExceeded(): boolean {
    return this.#received > this.#maxBytes;
  }

  /** Whether nobody can read from it any more, be it that all of it was read. */
  get isGivenUp(): boolean {
    return !this.#isWanted;
  }

  /** Whether the function still reads it. */
  get isRead(): boolean {
    return this.#isWanted && this.stream.locked;
  }

  /**
   * Reads the rest and throws it away, within bounds of bytes and time.
   * @returns whether the body came to its end
   */
  drain({ maxBytes, maxMs }: Pick<typeof DISCARD, 'maxBytes' | 'maxMs'> = DISCARD): Promise<boolean> {
    this.#finish((controller) =>
      controller.error(new Error('The answer was there before the body was read.')),
    );
    this.#drained ??= new Promise<boolean>((resolve) => {
      const incoming = this.#incoming;
      const settle = (): void => {
        clearTimeout(timer);
        resolve(incoming.complete);
      };
      const timer = setTimeout(settle, maxMs);
      let discarded = 0;
      incoming.on('data', (chunk: Buffer) => {
        discarded += chunk.byteLength;
        if (discarded > maxBytes) settle();
      });
      incoming.once('end', settle).once('close', settle);
      incoming.resume();
      if (incoming.complete || incoming.destroyed) settle();
    });
    return this.#drained;
  }

  /** Called once the answer has been sent. Node would read on without end: past the bounds the connection is cut. */
  discardRest(bounds = DISCARD): void {
    const incoming = this.#incoming;
    // What is there in whole, a function may read after its answer.
    if (this.isRead && incoming.complete) return;
    void this.drain(bounds).then((isComplete) => {
      if (isComplete || incoming.destroyed) return;
      incoming.pause();
      const cut = setTimeout(() => incoming.socket.destroy(), bounds.lingerMs);
      incoming.once('close', () => clearTimeout(cut));
    });
  }

  #take(chunk: Buffer): void {
    this.#received += chunk.byteLength;
    if (this.isExceeded) {
      this.#exceed();
      this.#finish((controller) => controller.error(new BodyTooLargeError(this.#maxBytes)));
    }
    if (!this.#isWanted) return;
    this.#controller.enqueue(chunk);
    if ((this.#controller.desiredSize ?? 0) <= 0) this.#incoming.pause();
  }

  /** Closes or fails the stream once; nothing more goes into it. */
  #finish(how: (controller: ReadableStreamDefaultController<Uint8Array>) => void): void {
    if (!this.#isWanted) return;
    this.#isWanted = false;
    how(this.#controller);
  }
}
