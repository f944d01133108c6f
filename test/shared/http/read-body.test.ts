import { expect } from 'chai';
import { AppError } from '../../../shared/core/errors.ts';
import { bodyChunks, readBody } from '../../../shared/http/read-body.ts';

/** A request whose body comes in the given chunks; `pulled` counts those that were read, `isGivenUp` tells of the rest. */
function streamed(chunks: readonly Uint8Array[], ending: 'close' | 'error' = 'close') {
  const seen = { pulled: 0, isGivenUp: false };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[seen.pulled];
        if (chunk === undefined) {
          if (ending === 'close') controller.close();
          else controller.error(new Error('socket hang up'));
          return;
        }
        seen.pulled += 1;
        controller.enqueue(chunk);
      },
      cancel() {
        seen.isGivenUp = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { seen, request: new Request('http://h/', { method: 'POST', body, duplex: 'half' }) };
}

async function failure(promise: Promise<unknown>): Promise<AppError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`Expected an AppError but received ${String(error)}`);
  return error;
}

const ten = new Uint8Array(10).fill(7);

describe('readBody', () => {
  it('joins all chunks', async () => {
    const { request } = streamed([new Uint8Array([1, 2]), new Uint8Array(), new Uint8Array([3])]);
    expect(await readBody(request, 100)).to.deep.equal(new Uint8Array([1, 2, 3]));
  });

  it('is empty where there is no body', async () => {
    expect(await readBody(new Request('http://h/'), 100)).to.have.length(0);
  });

  it('takes exactly the limit', async () => {
    expect(await readBody(streamed([ten, ten]).request, 20)).to.have.length(20);
  });

  it('refuses one byte more, whatever Content-Length says', async () => {
    const error = await failure(readBody(streamed([ten, ten]).request, 19));
    expect(error.code).to.equal('body-too-large');
    expect(error.message).to.contain('19 bytes');
  });

  it('gives up the rest of a refused body, which is for the server to discard', async () => {
    const { request, seen } = streamed([ten, ten, ten, ten, ten]);
    await failure(readBody(request, 5));
    expect(seen).to.deep.equal({ pulled: 1, isGivenUp: true });
  });

  it('says that a body broke off', async () => {
    const error = await failure(readBody(streamed([ten], 'error').request, 100));
    expect(error.code).to.equal('bad-request');
    expect(error.message).to.contain('broke off');
  });

  it('ends with the request’s time, however long the body would still take', async () => {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(ten) });
    const init = { method: 'POST', body, duplex: 'half', signal: AbortSignal.timeout(20) } as const;
    const error = await failure(readBody(new Request('http://h/', init), 100));
    expect(error.code).to.equal('request-timeout');
  });

  it('ends when the client leaves', async () => {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(ten) });
    const client = new AbortController();
    const init = { method: 'POST', body, duplex: 'half', signal: client.signal } as const;
    const reading = failure(readBody(new Request('http://h/', init), 100));
    client.abort();
    expect((await reading).code).to.equal('bad-request');
  });

  it('asks for admission chunk by chunk, and passes a refusal on', async () => {
    let admitted = 0;
    const admit = (bytes: number) => {
      if (admitted + bytes > 20) throw new AppError('busy', 'Full.', { retryAfterSeconds: 1 });
      admitted += bytes;
    };
    const { request, seen } = streamed([ten, ten, ten, ten]);
    const error = await failure(readBody(request, { maxBytes: 100, admit }));
    expect(error.code).to.equal('busy');
    expect(admitted).to.equal(20);
    expect(seen).to.deep.equal({ pulled: 3, isGivenUp: true });
  });
});

describe('bodyChunks', () => {
  it('gives up the rest when its consumer stops early', async () => {
    const { request, seen } = streamed([ten, ten, ten]);
    for await (const chunk of bodyChunks(request, { maxBytes: 100 })) {
      expect(chunk).to.have.length(10);
      break;
    }
    expect(seen).to.deep.equal({ pulled: 1, isGivenUp: true });
  });
});
