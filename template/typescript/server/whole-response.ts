/** More than there are of a body that was given in whole; one that gives without end would keep all else waiting. */
const MOST_PIECES = 8;

/**
 * Whether all of a response is there at once. One that is not may yet be made of the request's body, as by a generator,
 * which begins to read only when it is asked for its first piece.
 * @returns that, and the response to send in its place: its body was looked at
 */
export async function lookAt(response: Response): Promise<{ isWhole: boolean; response: Response }> {
  // What was read before cannot be sent, and a problem is sent instead.
  if (response.body === null || response.bodyUsed || response.body.locked) return { isWhole: true, response };
  // Not `clone`: once the copy was collected, undici cancelled the original (nodejs/undici#4415).
  const [kept, seen] = response.body.tee();
  const reader = seen.getReader();
  const isAtItsEnd = async (): Promise<boolean> => {
    for (let pieces = 0; pieces < MOST_PIECES; pieces += 1) if ((await reader.read()).done) return true;
    return false;
  };
  const soon = new Promise<boolean>((resolve) => setImmediate(resolve, false));
  const isWhole = await Promise.race([isAtItsEnd().catch(() => false), soon]);
  reader.cancel().catch(() => undefined);
  return { isWhole, response: new Response(kept, response) };
}
