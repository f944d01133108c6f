import { numberOf, recordOf, textOf, type JsonRecord } from './record.ts';

/** What the function `trainer` says of itself. */
export interface TrainerStatus {
  /** False: no token is set, and nothing can be trained. */
  readonly canWrite: boolean;
  readonly isTraining: boolean;
  readonly uptimeSeconds: number | undefined;
  readonly keptPictures: number;
  readonly trainings: Readonly<Record<'done' | 'failed' | 'cancelled', number>>;
  readonly lastTraining: LastTraining | undefined;
  /** Whether its store answers. */
  readonly hasStore: boolean;
}

export interface LastTraining {
  readonly head: string;
  readonly title: string;
  readonly version: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly examples: number;
  /** Accuracy, 0…1; undefined where the head was new. */
  readonly before: number | undefined;
  readonly after: number;
}

/** @returns undefined for whatever is no status of it */
export function readTrainerStatus(json: unknown): TrainerStatus | undefined {
  const status = recordOf(json);
  if (typeof status.writes !== 'boolean') return undefined;
  const [pictures, trainings] = [recordOf(status.pictures), recordOf(status.trainings)];
  return {
    canWrite: status.writes,
    isTraining: status.training === true,
    uptimeSeconds: numberOf(status.uptimeSeconds),
    keptPictures: numberOf(pictures.kept) ?? 0,
    trainings: {
      done: numberOf(trainings.done) ?? 0,
      failed: numberOf(trainings.failed) ?? 0,
      cancelled: numberOf(trainings.cancelled) ?? 0,
    },
    lastTraining: readLastTraining(recordOf(status.lastTraining)),
    hasStore: status.store !== false,
  };
}

function readLastTraining(last: JsonRecord): LastTraining | undefined {
  const after = numberOf(last.after);
  if (textOf(last.head) === '' || after === undefined) return undefined;
  return {
    head: textOf(last.head),
    title: textOf(last.title) || textOf(last.head),
    version: textOf(last.version),
    createdAt: textOf(last.createdAt),
    examples: numberOf(last.examples) ?? 0,
    before: numberOf(last.before),
    after,
  };
}

/**
 * Whether heads can be trained: `off` without a token, `absent` where the gateway knows no such function, `away` where
 * it does not answer.
 */
export type TrainingState = 'on' | 'off' | 'absent' | 'away';

/** @param reply of `GET /status` of trainer; undefined where none came */
export function trainingState(reply: { status: number; json: unknown } | undefined): TrainingState {
  if (reply?.status === 404) return 'absent';
  const status = readTrainerStatus(reply?.json);
  if (status === undefined) return 'away';
  return status.canWrite ? 'on' : 'off';
}
