import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Where a container finds its own CPU limit. @see kernel documentation, cgroup-v2, `cpu.max` */
const CPU_MAX = '/sys/fs/cgroup/cpu.max';

/**
 * Whole CPUs that this process may use: the container's limit, not the host's cores. More threads than that only get
 * throttled together.
 * @returns at least 1
 */
export function cpuLimit(cpuMaxFile = CPU_MAX, cores = availableParallelism()): number {
  let text = '';
  try {
    text = readFileSync(cpuMaxFile, 'utf8');
  } catch {
    // Not in a container, or one without cgroup v2: the cores that the scheduler admits are all there is to know.
  }
  return Math.max(1, Math.min(cores, Math.floor(parseCpuMax(text))));
}

/**
 * CPUs of a `cpu.max` line, quota over period, both in microseconds.
 * @example parseCpuMax('150000 100000') // 1.5
 * @example parseCpuMax('max 100000')    // Infinity
 */
export function parseCpuMax(text: string): number {
  const match = /^(\d+) (\d+)\s*$/.exec(text);
  const quota = Number(match?.[1]);
  const period = Number(match?.[2]);
  return quota > 0 && period > 0 ? quota / period : Infinity;
}
