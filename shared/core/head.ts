/** `models/heads/<id>.json`: labels and how to ask for them; the same for every bundle. */
export interface HeadDefinition {
  /** `[a-z0-9-]{1,40}` */
  readonly id: string;
  readonly title: string;
  readonly labels: readonly HeadLabel[];
  /** At most 8, each with one `{}`. */
  readonly templates: readonly string[];
}

export interface HeadLabel {
  /** The data set's class name, with spaces; unique within the head. */
  readonly label: string;
  /** What stands in the templates; the label itself where absent. */
  readonly prompts?: readonly string[];
  /** WordNet 3.0 id as ImageNet writes it, `n` and eight digits: tells apart what shares a name. */
  readonly wnid?: string;
  /** Position in the data set that the label comes from; its position in the head where absent. */
  readonly index?: number;
}

/**
 * Where W came from: text embeddings, or training. An `onnx` head has a network of its own on pixels; its x are that
 * network's outputs, and W is 1. One arithmetic for all.
 */
export type HeadKind = 'zero-shot' | 'linear' | 'onnx';

/** A head made ready for one bundle: softmax(scale / temperature · (W·x + b)). */
export interface LinearHead {
  readonly id: string;
  readonly title: string;
  readonly kind: HeadKind;
  /** `sha256:…` over labels, weights, scale, temperature and threshold. */
  readonly version: string;
  /** Revision of the bundle that it belongs to, never used with another; of an `onnx` head's own files. */
  readonly bundleRevision: string;
  readonly labels: readonly string[];
  /** float32, row-major [labels, embeddingSize]; rows of a zero-shot head are L2-normalised. */
  readonly weights: Float32Array;
  /** Of a linear head whose rows are L2-normalised and whose bias is zero: W·x are cosines, as a zero-shot head's always are. */
  readonly hasCosines?: true;
  /** float32 [labels]; zeros for a zero-shot head. */
  readonly bias: Float32Array;
  readonly scale: number;
  readonly temperature: number;
  /** Below it none of the labels fits: on the best cosine, or the energy score of a head that has none. */
  readonly noneThreshold?: number;
  /** Top-1 on held-out data, 0…1, where it was measured. */
  readonly accuracy?: number;
}

export interface Prediction {
  readonly label: string;
  /** Softmax over all labels of the head, 0…1. */
  readonly score: number;
  /** Cosine of image and label, −1…1; absent for heads that have none. */
  readonly similarity?: number;
}
