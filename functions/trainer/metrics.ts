import { Counter, Histogram, type Registry } from 'prom-client';
import type { AnsweredRequest } from '../../shared/http/frame-app.ts';
import { RequestMetrics } from '../../shared/http/request-metrics.ts';

/** What is looked at when somebody scrapes. */
export interface Gauges {
  readonly trainings: () => number;
  readonly uploads: () => number;
}

export type PictureOutcome = 'kept' | 'duplicate' | 'failed' | 'not_done';
export type TrainingOutcome = 'done' | 'failed' | 'cancelled';

const SECONDS = [0.01, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];

/** All of trainer's figures, each with its name, unit and meaning in this one place. */
export class Metrics {
  readonly #requests = new RequestMetrics({
    functionName: 'trainer',
    buckets: SECONDS,
    durationNote: '; of a training, to the beginning of its stream',
  });
  readonly registry: Registry = this.#requests.registry;
  readonly #pictures = new Counter({
    name: 'trainer_pictures_total',
    help: 'Pictures sent as examples, by what became of them: kept, duplicate, failed, not_done.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  readonly #trainings = new Counter({
    name: 'trainer_trainings_total',
    help: 'Trainings that began, by how they ended: done, failed, cancelled.',
    labelNames: ['outcome'] as const,
    registers: [this.registry],
  });
  readonly #trainingDuration = new Histogram({
    name: 'trainer_training_duration_seconds',
    help: 'Time of a training from its request to its last event.',
    buckets: SECONDS,
    registers: [this.registry],
  });
  readonly #outcomes = {
    pictures: { kept: 0, duplicate: 0, failed: 0, not_done: 0 },
    trainings: { done: 0, failed: 0, cancelled: 0 },
  };

  /** @param gauges read at every scrape */
  watch(gauges: Gauges): void {
    this.#requests.collectDefaults();
    this.#requests.gauge('trainer_trainings_in_flight', 'Trainings that run now.', gauges.trainings);
    this.#requests.gauge(
      'trainer_uploads_in_flight',
      'Requests with pictures that are being taken in now.',
      gauges.uploads,
    );
  }

  countRequest(request: AnsweredRequest): void {
    this.#requests.count(request);
  }

  countPicture(outcome: PictureOutcome): void {
    this.#pictures.inc({ outcome });
    this.#outcomes.pictures[outcome] += 1;
  }

  countTraining(outcome: TrainingOutcome, seconds: number): void {
    this.#trainings.inc({ outcome });
    this.#trainingDuration.observe(seconds);
    this.#outcomes.trainings[outcome] += 1;
  }

  /** By status class, as in `2xx`. */
  get requests(): Readonly<Record<string, number>> {
    return this.#requests.statusClasses;
  }

  get pictures(): Readonly<Record<PictureOutcome, number>> {
    return this.#outcomes.pictures;
  }

  get trainings(): Readonly<Record<TrainingOutcome, number>> {
    return this.#outcomes.trainings;
  }
}
