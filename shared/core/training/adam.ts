/** As the authors advise. @see Kingma and Ba 2015, algorithm 1 */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Adam for one array of parameters: each number moves by about the learning rate, in the direction that its gradients
 * agree on.
 *
 * @example the first step of a gradient of 3 at rate 0.1 is −0.1: m / √v is 3 / √9
 * @see Kingma and Ba 2015, Adam: a method for stochastic optimization
 */
export class Adam {
  readonly #mean: Float32Array;
  readonly #square: Float32Array;
  #steps = 0;

  constructor(length: number) {
    this.#mean = new Float32Array(length);
    this.#square = new Float32Array(length);
  }

  /** Changes `values` in place, and takes `gradient` back to zeros. */
  step(values: Float32Array, gradient: Float32Array, learningRate: number): void {
    this.#steps++;
    const rate = (learningRate * Math.sqrt(1 - BETA2 ** this.#steps)) / (1 - BETA1 ** this.#steps);
    for (let at = 0; at < values.length; at++) {
      const slope = gradient[at] ?? 0;
      const mean = BETA1 * (this.#mean[at] ?? 0) + (1 - BETA1) * slope;
      const square = BETA2 * (this.#square[at] ?? 0) + (1 - BETA2) * slope * slope;
      this.#mean[at] = mean;
      this.#square[at] = square;
      values[at] = (values[at] ?? 0) - (rate * mean) / (Math.sqrt(square) + EPSILON);
      gradient[at] = 0;
    }
  }
}
