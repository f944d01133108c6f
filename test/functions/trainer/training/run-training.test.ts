import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ExampleStore } from '../../../../functions/trainer/examples/example-store.ts';
import type { Services } from '../../../../functions/trainer/services.ts';
import { planTraining } from '../../../../functions/trainer/training/plan.ts';
import { runTraining } from '../../../../functions/trainer/training/run-training.ts';
import { AppError } from '../../../../shared/core/errors.ts';
import { HeadStore, publishBuiltIn } from '../../../../shared/io/heads/head-store.ts';
import { sha256Hex } from '../../../../shared/io/sha256.ts';
import { LmdbStore } from '../../../../shared/io/store/lmdb-store.ts';

const REVISION = `sha256:${'ab'.repeat(32)}`;
const SIZE = 4;
const THUMBNAIL = Uint8Array.of(1);

describe('runTraining', () => {
  let directory: string;
  let store: LmdbStore;
  let examples: ExampleStore;
  let heads: HeadStore;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'run-training-'));
    store = await LmdbStore.open({ path: directory, maxBytes: 2 ** 26 });
    examples = new ExampleStore(store);
    heads = new HeadStore(store, { revision: REVISION, maxVersions: 5 });
    await publishBuiltIn(store, REVISION, []);
    for (let at = 0; at < 20; at++) {
      const example = { sha256: sha256Hex(String(at)), label: at % 2 === 0 ? 'even' : 'odd', addedAt: '' };
      const vector = Float32Array.from({ length: SIZE }, (_, axis) => Number(axis === at % 2));
      await examples.add('h', example, { thumbnail: THUMBNAIL, vectors: [vector], revision: REVISION });
    }
  });
  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Names of the events, and the code of the error that they ended in. */
  async function run(
    signals: { gone?: AbortSignal; late?: AbortSignal },
    onEvent: (event: string) => void = () => undefined,
  ): Promise<readonly string[]> {
    const never = new AbortController().signal;
    const wanted = { id: 'h', seed: 0, augment: true, title: undefined };
    const plan = await planTraining(wanted, await examples.list('h'), heads);
    const services = { examples } as unknown as Services;
    const surroundings = { services, caller: { callId: 'c' }, heads, revision: REVISION, size: SIZE };
    const said: string[] = [];
    try {
      for await (const { event } of runTraining(plan, {
        ...surroundings,
        gone: never,
        late: never,
        ...signals,
      })) {
        said.push(event);
        onEvent(event);
      }
    } catch (error) {
      said.push(error instanceof AppError ? `${error.code}: ${error.message}` : 'aborted');
    }
    return said;
  }
  const current = async () => (await heads.state('h')).current;

  it('publishes at its end', async () => {
    const said = await run({});
    expect([said[0], said.at(-1)]).to.deep.equal(['start', 'done']);
    expect(await current()).to.match(/^sha256:/);
  });

  it('says so when the time did not suffice for one pass, and publishes nothing', async () => {
    const said = await run({ late: AbortSignal.abort() });
    expect(said[0]).to.equal('start');
    expect(said[1]).to.contain('conflict: The time did not suffice for one pass');
    expect(await current()).to.equal(undefined);
  });

  it('publishes the best weights so far when the time is over after a pass', async () => {
    const late = new AbortController();
    const said = await run({ late: late.signal }, (event) => {
      if (event === 'epoch') late.abort();
    });
    expect([said[1], said.at(-1)]).to.deep.equal(['epoch', 'done']);
    expect(await current()).to.match(/^sha256:/);
  });

  it('publishes nothing for a client that has left', async () => {
    expect(await run({ gone: AbortSignal.abort() })).to.deep.equal(['start', 'aborted']);
    expect(await current()).to.equal(undefined);
  });
});
