export interface StreamEvent {
  /** `start`, `embedding`, `epoch`, `done` or `error`. */
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * Server-sent events out of a response's body: `EventSource` can neither post nor send a token.
 * @example 'event: epoch\ndata: {"epoch":1}\n\n' → { event: 'epoch', data: { epoch: 1 } }
 * @see     https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamEvent, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      text += decoder.decode(value, { stream: true });
      const blocks = text.split(/\r?\n\r?\n/);
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const event = parseBlock(block);
        if (event !== undefined) yield event;
      }
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}

/** @returns undefined for a comment, or data that are no JSON object */
function parseBlock(block: string): StreamEvent | undefined {
  const lines = block.split(/\r?\n/);
  const valuesOf = (field: string): readonly string[] =>
    lines
      .filter((line) => line.startsWith(`${field}:`))
      .map((line) => line.slice(field.length + 1).replace(/^ /, ''));
  const data = valuesOf('data').join('\n');
  const json = parse(data);
  return json && { event: valuesOf('event')[0] ?? 'message', data: json };
}

function parse(text: string): StreamEvent['data'] | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as StreamEvent['data']) : undefined;
  } catch {
    return undefined;
  }
}
