import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AnsweredRequest } from './frame-app.ts';

export interface RequestMetricsOptions {
  /** What all names begin with. */
  readonly functionName: string;
  /** Where the buckets of a request's time end, seconds. */
  readonly buckets: readonly number[];
  /** Added to the help of the time, where there is more to say of it. */
  readonly durationNote?: string;
}

/** Figures that every function has, and the registry that its own ones go into. */
export class RequestMetrics {
  readonly registry = new Registry();
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #duration: Histogram<'route'>;
  readonly #statusClasses = new Map<string, number>();

  constructor({ functionName, buckets, durationNote = '' }: RequestMetricsOptions) {
    this.#requests = new Counter({
      name: `${functionName}_requests_total`,
      help: 'Requests answered, by route, method and status.',
      labelNames: ['route', 'method', 'status'],
      registers: [this.registry],
    });
    this.#duration = new Histogram({
      name: `${functionName}_request_duration_seconds`,
      help: `Time from a request to its answer, by route${durationNote}.`,
      labelNames: ['route'],
      buckets: [...buckets],
      registers: [this.registry],
    });
  }

  /** The process's own figures as well; once, by the function that serves them. */
  collectDefaults(): void {
    collectDefaultMetrics({ register: this.registry });
  }

  count({ route, method, status, seconds }: AnsweredRequest): void {
    this.#requests.inc({ route, method, status: String(status) });
    this.#duration.observe({ route }, seconds);
    const statusClass = `${Math.floor(status / 100)}xx`;
    this.#statusClasses.set(statusClass, (this.#statusClasses.get(statusClass) ?? 0) + 1);
  }

  /** Requests by status class, as in `2xx`. */
  get statusClasses(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#statusClasses);
  }

  /** @param read looked at whenever somebody scrapes */
  gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(read());
      },
    });
  }
}
