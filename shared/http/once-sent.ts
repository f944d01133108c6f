/**
 * The same response, and what is to be done once its body was sent or given up: for what has to be held until then.
 * @param done called once; at once where there is no body
 */
export function onceSent(response: Response, done: () => void): Response {
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  if (reader === undefined) {
    done();
    return response;
  }
  let isDone = false;
  // Given up while a piece was on its way, both ends come.
  const end = (): void => {
    if (!isDone) done();
    isDone = true;
  };
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const next = await reader.read();
        if (!next.done) {
          controller.enqueue(next.value);
          return;
        }
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      end();
    },
    cancel: (reason) => {
      end();
      return reader.cancel(reason);
    },
  });
  return new Response(body, response);
}
