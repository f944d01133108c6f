import type { Preprocessing } from './preprocessing.ts';

export interface BundleFile {
  /** Relative to the bundle's directory, with `/`. */
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A model bundle's own description: `bundle.json`, beside the layout of a Hugging Face CLIP ONNX export. */
export interface BundleManifest {
  readonly id: string;
  readonly title: string;
  readonly licence: string;
  /** Multiplies a cosine before the softmax; CLIP's exp(t), clipped at 100. */
  readonly logitScale: number;
  /** Length of an embedding. */
  readonly embeddingSize: number;
  /** Cosine below which none of the labels fits; absent where it was never measured. */
  readonly noneThreshold?: number;
  /** The same for heads by their id: the best of a thousand labels lies higher than the best of a hundred. */
  readonly noneThresholds?: Readonly<Record<string, number>>;
  /** Tokens a text may have, start and end included; config.json says it where this is absent. */
  readonly contextLength?: number;
  /** Label words met in training; empty where the bundle does not say. */
  readonly seenLabels: readonly string[];
  readonly files: readonly BundleFile[];
}

/** A bundle that was found and read: all that the pipeline must know about it. */
export interface Bundle {
  readonly manifest: BundleManifest;
  /** `sha256:…` over the sorted lines `<sha256>  <path>` of the manifest's files. */
  readonly revision: string;
  readonly preprocessing: Preprocessing;
  /** Tokens a text may have, start and end included. */
  readonly contextLength: number;
  /** Absolute paths of the two encoders and the tokenizer. */
  readonly visionModelPath: string;
  readonly textModelPath: string;
  readonly tokenizerPath: string;
  /** Absolute path of the directory, for `heads/`. */
  readonly directory: string;
  /** Label words met in training, lower case; empty where the bundle does not say. */
  readonly seenLabels: ReadonlySet<string>;
}
