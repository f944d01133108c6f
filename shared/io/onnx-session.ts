import { InferenceSession, type Tensor } from 'onnxruntime-node';

/** An encoder of a bundle, or a head's network: its session, and the names and types that its file gives. */
export interface OnnxSession {
  readonly path: string;
  readonly session: InferenceSession;
  readonly inputs: ReadonlyMap<string, InferenceSession.TensorValueMetadata>;
  /** Name of the output that is read: embeddings, or logits. */
  readonly output: string;
}

export interface SessionOptions {
  readonly path: string;
  readonly threads: number;
  readonly input: string;
  readonly output: string;
}

/**
 * Loads a network. Threads do not spin while they wait for work: spinning burns a container's CPU quota.
 * @throws Error when the file cannot be loaded or lacks the input or the output, naming the file
 */
export async function openSession({ path, threads, input, output }: SessionOptions): Promise<OnnxSession> {
  const session = await InferenceSession.create(path, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // 3: errors only; the runtime's warnings about the graph are of no use to who runs it.
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Expected an ONNX model at ${path} but received: ${reason}`, { cause: error });
  });
  const tensors = session.inputMetadata.filter((value) => value.isTensor);
  const inputs = new Map(tensors.map((value) => [value.name, value]));
  for (const [kind, name, names] of [
    ['input', input, session.inputNames],
    ['output', output, session.outputNames],
  ] as const) {
    if (names.includes(name)) continue;
    throw new Error(`Expected ${kind} ${name} in ${path} but received ${names.join(', ')}.`);
  }
  return { path, session, inputs, output };
}

/**
 * Rows that one run takes: 1 where the file fixes that, undefined where any number will do.
 * @throws Error when the file fixes another number
 */
export function batchLimit({ inputs, path }: OnnxSession, input: string): 1 | undefined {
  const rows = inputs.get(input)?.shape[0];
  if (rows === 1) return 1;
  if (typeof rows !== 'number') return undefined;
  throw new Error(`Expected any number of rows, or 1, for ${input} of ${path} but received ${rows}.`);
}

/**
 * @returns float32 [count, embeddingSize], as the model gives them
 * @throws  Error when the output has another type or shape
 */
export async function runSession(
  { session, output, path }: OnnxSession,
  feeds: Readonly<Record<string, Tensor>>,
  shape: { count: number; embeddingSize: number },
): Promise<Float32Array> {
  const tensor = (await session.run(feeds, [output]))[output];
  const [rows, columns] = tensor?.dims ?? [];
  if (!(tensor?.data instanceof Float32Array) || rows !== shape.count || columns !== shape.embeddingSize) {
    const expected = `float32 [${shape.count}, ${shape.embeddingSize}]`;
    const received = `${tensor?.type ?? 'nothing'} [${tensor?.dims.join(', ') ?? ''}]`;
    throw new Error(`Expected ${expected} for ${output} of ${path} but received ${received}.`);
  }
  return tensor.data;
}
