export interface LoadResult {
  readonly sent: number;
  /** What went wrong, one line each. */
  readonly failures: readonly string[];
}

/**
 * Requests at a constant rate, whether or not earlier ones are answered, until `during` has ended; then all answers are
 * awaited. A failure is a thrown request or any status but 200.
 */
export async function loadWhile(
  send: (number: number) => Promise<Response>,
  during: () => Promise<void>,
  requestsPerSecond = 20,
): Promise<LoadResult> {
  const failures: string[] = [];
  const answers: Promise<void>[] = [];
  const sendOne = async (number: number): Promise<void> => {
    try {
      const response = await send(number);
      const text = await response.text();
      if (response.status !== 200) failures.push(`${number}: ${response.status} ${text.slice(0, 200)}`);
    } catch (error) {
      failures.push(`${number}: ${String(error)} ${String((error as Error).cause)}`);
    }
  };
  const timer = setInterval(() => answers.push(sendOne(answers.length)), 1_000 / requestsPerSecond);
  try {
    await during();
  } finally {
    clearInterval(timer);
    await Promise.all(answers);
  }
  return { sent: answers.length, failures };
}
