/**
 * Runs one function of `openfaas-fn` with so many replicas, by kubectl, and waits until they are ready.
 * @param run starts a program and hands back its exit code
 * @throws Error when kubectl fails, or they do not become ready in three minutes
 */
export function scaleTo(
  name: string,
  replicas: number,
  run: (command: string, args: readonly string[]) => number,
): void {
  const deployment = `deployment/${name}`;
  const commands = [
    ['scale', deployment, `--replicas=${replicas}`],
    ['rollout', 'status', deployment, '--timeout=180s'],
  ];
  for (const command of commands) {
    const code = run('kubectl', ['--namespace', 'openfaas-fn', ...command]);
    if (code !== 0) throw new Error(`kubectl ${command.join(' ')} failed with ${code}.`);
  }
}

/**
 * @example parseReplicas('1,3') // [1, 3]
 * @throws Error for anything but whole numbers from 1 on
 */
export function parseReplicas(text: string): readonly number[] {
  const numbers = text.split(',').map((part) => (/^\s*[1-9]\d{0,3}\s*$/.test(part) ? Number(part) : NaN));
  if (numbers.some(Number.isNaN))
    throw new Error(`Expected numbers such as 1,3 for --replicas but received ${JSON.stringify(text)}.`);
  return numbers;
}
