import { listOf, numberOf, recordOf, textOf, type JsonRecord } from './record.ts';

export interface AnsweredLabel {
  readonly label: string;
  /** Softmax over the head's labels, 0…1. */
  readonly score: number;
  readonly similarity?: number;
  /** False: the model never met this word in training. */
  readonly seen?: boolean;
}

/** What one head says about one picture. */
export interface Answer {
  readonly head: string;
  readonly version: string;
  readonly model: { readonly id: string; readonly revision: string };
  readonly image: {
    readonly sha256: string;
    readonly width: number;
    readonly height: number;
    readonly format: string;
  };
  /** The likeliest first. */
  readonly predictions: readonly AnsweredLabel[];
  /** False: none of the labels fits well. */
  readonly confident: boolean;
  /** What to do about a picture that the head cannot answer as it is. */
  readonly hint?: string;
}

/**
 * The answers in a reply of `clip` for one picture, the one to believe first: those whose labels fit, the better fit before the worse.
 * @returns an empty list where the reply is no answer at all
 */
export function readAnswers(json: unknown): readonly Answer[] {
  const reply = recordOf(json);
  const results = Array.isArray(reply.results) ? listOf(reply.results) : [reply];
  return results
    .map((result) => readAnswer({ ...reply, ...result }))
    .filter((answer) => answer.predictions.length > 0)
    .sort((a, b) => Number(b.confident) - Number(a.confident) || fit(b, a));
}

/** What a score counts beside a similarity. */
const SCORE_WEIGHT = 0.1;

/**
 * Which of two answers fits better, positive for the first. Similarities compare across heads of one model and scores do not,
 * since a short list of labels shares the whole among few; but among a thousand labels one is similar by chance, and a high
 * score says that the others are not. Where a head has no similarities, scores must do.
 */
function fit(a: Answer, b: Answer): number {
  const [first, second] = [a.predictions[0], b.predictions[0]];
  if (first === undefined || second === undefined) return 0;
  const byScore = first.score - second.score;
  if (first.similarity === undefined || second.similarity === undefined) return byScore;
  return first.similarity - second.similarity + SCORE_WEIGHT * byScore;
}

/** One label alone has the whole softmax: its score says nothing, since there is nothing to compare it with. */
export function isAlone({ predictions }: Answer): boolean {
  return predictions.length === 1 && predictions[0]?.score === 1;
}

/** Marks the words that a head says its model never met. */
export function markUnseen(answer: Answer, unseen: ReadonlySet<string>): Answer {
  if (!answer.predictions.some((prediction) => unseen.has(prediction.label))) return answer;
  const predictions = answer.predictions.map((prediction) =>
    unseen.has(prediction.label) ? { ...prediction, seen: false } : prediction,
  );
  return { ...answer, predictions };
}

function readAnswer(result: JsonRecord): Answer {
  const model = recordOf(result.model);
  const image = recordOf(result.image);
  const hint = textOf(result.hint);
  return {
    head: textOf(result.head),
    version: textOf(result.version),
    model: { id: textOf(model.id), revision: textOf(model.revision) },
    image: {
      sha256: textOf(image.sha256),
      width: numberOf(image.width) ?? 0,
      height: numberOf(image.height) ?? 0,
      format: textOf(image.format),
    },
    predictions: listOf(result.predictions).map(readPrediction),
    confident: result.confident !== false,
    ...(hint === '' ? {} : { hint }),
  };
}

function readPrediction(entry: JsonRecord): AnsweredLabel {
  const similarity = numberOf(entry.similarity);
  return {
    label: textOf(entry.label),
    score: numberOf(entry.score) ?? 0,
    ...(similarity === undefined ? {} : { similarity }),
    ...(typeof entry.seen === 'boolean' ? { seen: entry.seen } : {}),
  };
}
