import { prefersNdjson } from './stream-format.ts';

interface StreamedEvent {
  readonly event: string;
}

/**
 * Events as a streamed response: server-sent events, or a JSON object a line for those who ask for it. It always ends
 * in a `done` or an `error` event; one without was cut off.
 *
 * @param events   ends by itself; its `return` is called when the client leaves
 * @param failure  an error as the last event
 * @param leave    told that the client has left
 */
export function eventStream(
  request: Request,
  events: AsyncGenerator<StreamedEvent, void>,
  { failure, leave }: { failure: (error: unknown) => StreamedEvent; leave: () => void },
): Response {
  const isNdjson = prefersNdjson(request);
  const encoder = new TextEncoder();
  const encode = ({ event, ...data }: StreamedEvent) =>
    encoder.encode(
      isNdjson
        ? `${JSON.stringify({ event, ...data })}\n`
        : `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`,
    );
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await events.next();
        if (done === true) controller.close();
        else controller.enqueue(encode(value));
      } catch (error) {
        controller.enqueue(encode(failure(error)));
        controller.close();
      }
    },
    async cancel() {
      leave();
      await events.return();
    },
  });
  return new Response(body, {
    headers: {
      'Content-Type': isNdjson ? 'application/x-ndjson' : 'text/event-stream',
      'Cache-Control': 'no-store',
      // Proxies of the nginx kind hold a stream back until it ends, unless told so.
      'X-Accel-Buffering': 'no',
    },
  });
}
