import { totalmem } from 'node:os';

export interface ProcessMemory {
  /** Resident, native memory of models and decoders included. */
  readonly residentBytes: number;
  /** Of the container; absent where none is set. */
  readonly limitBytes?: number;
}

/** What this process holds of the memory that it may use, now. */
export function processMemory(): ProcessMemory {
  const limit = memoryLimit(process.constrainedMemory());
  return {
    residentBytes: process.memoryUsage.rss(),
    ...(limit === undefined ? {} : { limitBytes: limit }),
  };
}

/**
 * Node says 0, or a number larger than any machine has, where no limit is set.
 *
 * @param constrained of `process.constrainedMemory()`, bytes
 * @param total       of the machine, bytes
 * @example memoryLimit(536_870_912, 16e9) // 536_870_912
 * @example memoryLimit(2 ** 64, 16e9)     // undefined
 */
export function memoryLimit(constrained: number | undefined, total = totalmem()): number | undefined {
  return constrained !== undefined && constrained > 0 && constrained <= total ? constrained : undefined;
}
