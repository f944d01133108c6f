import { setMaxListeners } from 'node:events';
import { receive, type Received } from '../request/received.ts';
import type { Services } from '../services.ts';

/**
 * Takes a request's body apart, counts its bytes for as long as they are held, and answers.
 * A request that cannot be taken apart still waits for the default head, so that an empty one warms the function up.
 */
export async function withBody(
  request: Request,
  { bytes, config, pool }: Services,
  respond: (received: Received) => Promise<Response>,
): Promise<Response> {
  // Each picture and each text of a request listens for its end: hundreds are no leak, as Node 20 would have it.
  setMaxListeners(0, request.signal);
  const { admit, release } = bytes.open();
  try {
    const received = await receive(request, { ...config, admit }).catch(async (error: unknown) => {
      const { heads } = pool.default;
      await heads.get(heads.defaultId, request.signal).catch(() => undefined);
      throw error;
    });
    return await respond(received);
  } finally {
    release();
  }
}
