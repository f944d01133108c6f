import { listOf, numberOf, recordOf, textOf, type JsonRecord } from './record.ts';

/** How well a version does on pictures that were kept back. */
export interface HoldOut {
  /** Pictures. */
  readonly n: number;
  readonly accuracy: number;
  /** 95 %. */
  readonly interval: readonly [number, number] | undefined;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Nats. */
  readonly logLoss: number;
  readonly classes: readonly ClassLine[];
  readonly labels: readonly string[];
  /** [true, predicted, count], places in `labels`. */
  readonly cells: readonly (readonly [number, number, number])[];
}

export interface ClassLine {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly support: number;
}

export interface HeadVersion {
  /** `sha256:…`, or `0` for the built-in one. */
  readonly version: string;
  readonly isLive: boolean;
  /** ISO 8601; empty for version 0. */
  readonly createdAt: string;
  readonly examples: number | undefined;
  readonly before: HoldOut | undefined;
  readonly after: HoldOut | undefined;
}

/** A head as `GET /heads/{head}` of trainer describes it. */
export interface TrainedHead {
  readonly id: string;
  readonly isBuiltIn: boolean;
  readonly isStale: boolean;
  readonly examples: number;
  /** The newest first. */
  readonly versions: readonly HeadVersion[];
}

/** @returns undefined for whatever is no head */
export function readTrainedHead(json: unknown): TrainedHead | undefined {
  const head = recordOf(json);
  if (textOf(head.id) === '' || !Array.isArray(head.versions)) return undefined;
  return {
    id: textOf(head.id),
    isBuiltIn: head.builtIn === true,
    isStale: head.stale === true,
    examples: numberOf(head.examples) ?? 0,
    versions: listOf(head.versions).map((version) => ({
      version: textOf(version.version),
      isLive: version.live === true,
      createdAt: textOf(version.createdAt),
      examples: numberOf(version.examples),
      before: readHoldOut(version.before),
      after: readHoldOut(version.after),
    })),
  };
}

/** @returns undefined for whatever holds no figures */
export function readHoldOut(json: unknown): HoldOut | undefined {
  const figures = recordOf(json);
  const accuracy = recordOf(figures.accuracy);
  const value = numberOf(accuracy.value);
  if (value === undefined) return undefined;
  const [low, high] = Array.isArray(accuracy.interval) ? accuracy.interval.map(numberOf) : [];
  const confusion = recordOf(figures.confusion);
  return {
    n: numberOf(figures.n) ?? 0,
    accuracy: value,
    interval: low === undefined || high === undefined ? undefined : [low, high],
    precision: numberOf(figures.precision) ?? 0,
    recall: numberOf(figures.recall) ?? 0,
    f1: numberOf(figures.f1) ?? 0,
    logLoss: numberOf(figures.logLoss) ?? 0,
    classes: listOf(figures.classes).map(readClass),
    labels: Array.isArray(confusion.labels) ? confusion.labels.map(textOf) : [],
    cells: Array.isArray(confusion.cells) ? confusion.cells.map(readCell) : [],
  };
}

function readClass(line: JsonRecord): ClassLine {
  return {
    label: textOf(line.label),
    precision: numberOf(line.precision) ?? 0,
    recall: numberOf(line.recall) ?? 0,
    f1: numberOf(line.f1) ?? 0,
    support: numberOf(line.support) ?? 0,
  };
}

function readCell(cell: unknown): readonly [number, number, number] {
  const [truth, answer, times] = Array.isArray(cell) ? cell.map(numberOf) : [];
  return [truth ?? 0, answer ?? 0, times ?? 0];
}
