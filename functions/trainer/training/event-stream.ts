import { prefersNdjson } from './stream-format.ts';

interface StreamedEvent {
  readonly event: string;
}

/**
 * Events as a streamed response: server-sent events, or a JSON object a line for those who ask for it. It always ends
 * in a `done` or an `error` event; one without was cut off.
 *
 * @param events   few and small, since they wait here for a slow client; it ends by itself, and its `return` is called
 *                 when the client leaves
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
  let isLeft = false;
  const send = async (controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> => {
    try {
      for await (const event of events) {
        if (isLeft) return;
        controller.enqueue(encode(event));
      }
    } catch (error) {
      if (!isLeft) controller.enqueue(encode(failure(error)));
    }
    if (!isLeft) controller.close();
  };
  let sending: Promise<void> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      // At the events' own pace, not the reader's: a client that does not read must not hold the work up for ever.
      sending = send(controller);
    },
    async cancel() {
      isLeft = true;
      leave();
      await sending;
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
