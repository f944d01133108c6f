import { WaitingLine, type Patience } from './waiting-line.ts';

export interface DecodeGateOptions {
  /** Pictures inside at once. */
  readonly maxAtOnce: number;
  /** Pixels of all pictures inside. A picture over this bound is let in when nobody else is inside. */
  readonly maxPixels: number;
}

export interface Admission {
  readonly queueMs: number;
  /** Makes room for the next; called once. */
  readonly leave: () => void;
}

/**
 * Bounds the memory that decoding takes: a few pictures, and so many pixels, at once. First come, first served, so a
 * large picture is not overtaken for ever by small ones.
 */
export class DecodeGate {
  readonly #line = new WaitingLine<number, Admission>();
  readonly #options: DecodeGateOptions;
  #inside = 0;
  #pixels = 0;

  constructor(options: DecodeGateOptions) {
    this.#options = options;
  }

  get pixels(): number {
    return this.#pixels;
  }

  get waiting(): number {
    return this.#line.length;
  }

  /** @throws AppError `busy` when there was no room in time */
  enter(pixels: number, patience: Patience): Promise<Admission> {
    const admission = this.#line.wait(pixels, patience).finally(() => this.#admit());
    this.#admit();
    return admission;
  }

  #admit(): void {
    for (let next = this.#line.next; next !== undefined && this.#hasRoom(next); next = this.#line.next) {
      const pixels = next;
      const taken = this.#line.shift();
      this.#inside += 1;
      this.#pixels += pixels;
      taken?.resolve({ queueMs: taken.waitedMs, leave: () => this.#leave(pixels) });
    }
  }

  #hasRoom(pixels: number): boolean {
    if (this.#inside === 0) return true;
    const { maxAtOnce, maxPixels } = this.#options;
    return this.#inside < maxAtOnce && this.#pixels + pixels <= maxPixels;
  }

  #leave(pixels: number): void {
    this.#inside -= 1;
    this.#pixels -= pixels;
    this.#admit();
  }
}
