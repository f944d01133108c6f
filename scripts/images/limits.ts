import type { StackFunction } from '../gateway/stack-file.ts';

const UNITS: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30 };

/**
 * @example memoryBytes('256Mi') // 268435456
 * @throws Error for anything but a whole number with Ki, Mi or Gi
 */
export function memoryBytes(quantity: string): number {
  const [, number = '', unit = ''] = /^(\d+)(Ki|Mi|Gi)$/.exec(quantity) ?? [];
  const factor = UNITS[unit];
  if (factor === undefined) throw new Error(`Expected memory such as 256Mi but received ${quantity}.`);
  return Number(number) * factor;
}

/**
 * Processors for `docker run --cpus`.
 * @example cpus('500m') // 0.5
 */
export function cpus(quantity: string): number {
  return quantity.endsWith('m') ? parseInt(quantity, 10) / 1_000 : Number(quantity);
}

/**
 * What `docker run` is to be told so that a container is held as its pod would be: memory, processors, a root that cannot be
 * written, a small /tmp that can, no further rights.
 * @param environment overrides what the stack file says
 */
export function runArguments(
  { name, image, limits, environment: given }: StackFunction,
  environment: Readonly<Record<string, string>>,
): readonly string[] {
  const memory = String(memoryBytes(limits.memory ?? ''));
  const variables = Object.entries({ ...given, ...environment }).flatMap(([key, value]) => [
    '--env',
    `${key}=${value}`,
  ]);
  return [
    ...['run', '--detach', '--label', `clip-functions-images=${name}`],
    ...['--read-only', '--tmpfs', '/tmp:mode=1777,size=64m'],
    ...['--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...['--memory', memory, '--memory-swap', memory, '--cpus', String(cpus(limits.cpu ?? '1'))],
    ...['--publish', '127.0.0.1::8080'],
    ...variables,
    image,
  ];
}
