/** Where progress is written: a terminal gets a bar that moves, anything else a plain line now and then. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface ProgressOptions {
  /** What `update` counts up to. */
  readonly total: number;
  readonly format: (count: number) => string;
  readonly output: ProgressOutput;
  /** Milliseconds; injected by tests. */
  readonly now?: () => number;
}

/** A terminal is redrawn at most this often, a log written to every tenth of the way. */
const REDRAW_MS = 100;
const BAR_WIDTH = 24;

/**
 * @example
 * [##########··············]  41 %  64 MB of 156 MB  12 MB/s  onnx/vision_model_quantized.onnx
 */
export class Progress {
  readonly #options: ProgressOptions;
  readonly #now: () => number;
  readonly #isTerminal: boolean;
  #startedAt: number | undefined;
  #startedWith = 0;
  #drawnAt = -Infinity;
  #tenth = -1;
  #isDrawn = false;

  constructor(options: ProgressOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#isTerminal = options.output.isTTY === true;
  }

  /** @param count of `total`; it may fall, when something is done anew */
  update(count: number, what: string): void {
    const now = this.#now();
    if (this.#startedAt === undefined) {
      this.#startedAt = now;
      this.#startedWith = count;
    }
    const line = this.#line(count, what, now);
    if (this.#isTerminal) {
      if (now - this.#drawnAt < REDRAW_MS && count < this.#options.total) return;
      this.#drawnAt = now;
      this.#draw(line);
      return;
    }
    const tenth = Math.floor((10 * count) / this.#options.total);
    if (tenth === this.#tenth) return;
    this.#tenth = tenth;
    this.#options.output.write(`${line}\n`);
  }

  /** A line of its own, above the bar. */
  say(message: string): void {
    if (this.#isDrawn) this.#options.output.write('\r\u001b[K');
    this.#options.output.write(`${message}\n`);
  }

  /** Leaves the bar where it is and goes to the next line. */
  end(): void {
    if (this.#isDrawn) this.#options.output.write('\n');
    this.#isDrawn = false;
  }

  #draw(line: string): void {
    const width = Math.max(20, (this.#options.output.columns ?? 80) - 1);
    this.#options.output.write(`\r\u001b[K${line.slice(0, width)}`);
    this.#isDrawn = true;
  }

  #line(count: number, what: string, now: number): string {
    const { total, format } = this.#options;
    const share = total === 0 ? 1 : Math.min(1, count / total);
    const filled = Math.round(share * BAR_WIDTH);
    const bar = `[${'#'.repeat(filled)}${'·'.repeat(BAR_WIDTH - filled)}]`;
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    const seconds = (now - (this.#startedAt ?? now)) / 1000;
    const speed = seconds < 0.5 ? '' : `  ${format(Math.max(0, count - this.#startedWith) / seconds)}/s`;
    return `${bar} ${percent}  ${format(count)} of ${format(total)}${speed}  ${what}`;
  }
}

/** @example formatBytes(155_850_671) // '156 MB' */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 && unit > 0 ? value.toFixed(1) : value.toFixed(0)} ${units[unit] ?? ''}`;
}
