import { expect } from 'chai';
import { ModelPool } from '../../../../functions/clip/models/model-pool.ts';
import type { Model } from '../../../../functions/clip/models/model.ts';
import { AppError } from '../../../../shared/core/errors.ts';

/** Models that are nothing but their name, and a note of what was loaded and closed. */
async function openPool(maxModels: number) {
  const events: string[] = [];
  const failing = new Set<string>();
  const pool = await ModelPool.open({
    defaultId: 'a',
    ids: ['a', 'b', 'c'],
    maxModels,
    loadWaitMs: 1_000,
    load: (id) => {
      events.push(`load ${id}`);
      if (failing.has(id)) return Promise.reject(new Error(`${id} is broken`));
      const close = () => {
        events.push(`close ${id}`);
        return Promise.resolve();
      };
      return Promise.resolve({ id, close } as unknown as Model);
    },
  });
  const idOf = (id?: string) =>
    pool.use({ id }, (model) => Promise.resolve((model as unknown as { id: string }).id));
  return { pool, events, failing, idOf };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

describe('ModelPool', () => {
  it('loads the default at the start and others when they are first asked for, once', async () => {
    const { events, idOf } = await openPool(3);
    expect(events).to.deep.equal(['load a']);
    expect([await idOf(), await idOf('b'), await idOf('b'), await idOf('a')]).to.deep.equal([
      'a',
      'b',
      'b',
      'a',
    ]);
    expect(events).to.deep.equal(['load a', 'load b']);
  });

  it('puts away the one that was used longest ago, and never the default', async () => {
    const { events, idOf } = await openPool(2);
    await idOf('b');
    await idOf('c');
    await new Promise((resolve) => setImmediate(resolve));
    expect(events).to.deep.equal(['load a', 'load b', 'load c', 'close b']);
    await idOf('b');
    expect(events.slice(4)).to.include('load b');
  });

  it('puts none away that is in use', async () => {
    const { pool, idOf, events } = await openPool(2);
    let finish = (): void => undefined;
    const held = new Promise<void>((resolve) => (finish = resolve));
    const busy = pool.use({ id: 'b' }, () => held);
    expect(await codeOf(idOf('c'))).to.equal('busy');
    finish();
    await busy;
    expect(await idOf('c')).to.equal('c');
    expect(events).to.include('close b');
  });

  it('knows no other names', async () => {
    const { idOf } = await openPool(2);
    for (const id of ['d', '', '../a', '__proto__']) expect(await codeOf(idOf(id))).to.equal('not-found');
  });

  it('tries a model that could not be loaded again', async () => {
    const { failing, idOf } = await openPool(2);
    failing.add('b');
    expect(await codeOf(idOf('b'))).to.contain('b is broken');
    failing.clear();
    expect(await idOf('b')).to.equal('b');
  });

  it('closes all it has', async () => {
    const { pool, idOf, events } = await openPool(2);
    await idOf('b');
    await pool.close();
    expect(events.filter((event) => event.startsWith('close'))).to.have.members(['close a', 'close b']);
  });
});
