import { expect } from 'chai';
import { classify, photo } from './asking.ts';
import { loadWhile } from './load.ts';
import { until } from './world.ts';
import { describeOpenfaas } from './with-openfaas.ts';

/**
 * A few pictures in turn: each replica encodes each once and knows it from then on. What is tested is that none is lost,
 * not how many the machine can encode.
 */
async function photosInTurn(): Promise<(number: number) => Uint8Array<ArrayBuffer>> {
  const photos = await Promise.all(['two-dogs', 'castle', 'orange', 'tractor'].map((name) => photo(name)));
  return (number) => {
    const picture = photos[number % photos.length];
    if (picture === undefined) throw new RangeError(`Expected a whole number but received ${number}.`);
    return picture;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeOpenfaas('the end of a replica', (world) => {
  const clip = () => {
    const deployment = world().provider.deployments.get('clip');
    if (deployment === undefined) throw new Error('Expected clip to be deployed.');
    return deployment;
  };

  before(async () => {
    await world().deployStack('clip');
    await clip().scale(2);
    await world().ready('clip', 2);
  });

  it('by SIGTERM under 20 requests a second fails not one of them', async () => {
    const one = await photosInTurn();
    const [leaving] = clip().ready;
    const { sent, failures } = await loadWhile(
      (number) => classify(one(number)),
      async () => {
        await pause(1_000);
        await leaving?.container.signal('SIGTERM');
        await leaving?.container.ended;
        await until(() => clip().ready.length === 2);
        await pause(1_000);
      },
    );
    expect(failures).to.deep.equal([]);
    expect(sent).to.be.greaterThan(60);
    // The process behind the watchdog was told, and served on; that it is cut off once all is answered does no harm.
    const lines = clip().logs.filter(({ instance }) => instance === leaving?.instance);
    expect(lines.some(({ text }) => text.includes('"leaving when idle"'))).to.equal(true);
  });

  it('by a rolling update under 20 requests a second fails not one of them', async () => {
    const one = await photosInTurn();
    const old = new Set(clip().replicas.map(({ instance }) => instance));
    const { sent, failures } = await loadWhile(
      (number) => classify(one(number)),
      async () => {
        await pause(500);
        await world().mustCli(['deploy', '-f', 'stack.yml', '--regex', '^clip$']);
        await until(() => clip().replicas.every(({ instance }) => !old.has(instance)));
      },
    );
    expect(failures).to.deep.equal([]);
    expect(sent).to.be.greaterThan(60);
  });

  it('by kill -9 under 20 requests a second fails nothing that was sent after it', async () => {
    const one = await photosInTurn();
    await clip().scale(2);
    const [killed] = await world().ready('clip', 2);
    let latest = 0;
    let latestAtItsEnd = 0;
    const { sent, failures } = await loadWhile(
      (number) => {
        latest = number;
        return classify(one(number));
      },
      async () => {
        await pause(1_000);
        await killed?.container.signal('SIGKILL');
        await killed?.container.ended;
        latestAtItsEnd = latest;
        await until(() => clip().ready.length === 2);
        await pause(1_000);
      },
    );
    expect(sent).to.be.greaterThan(40);
    expect(failures.filter((line) => parseInt(line, 10) > latestAtItsEnd)).to.deep.equal([]);
    expect(clip().replicas.map(({ instance }) => instance)).to.not.include(killed?.instance);
  });

  it('by kill -9 is made good: a new replica answers, nothing of the old one is left', async () => {
    const [killed] = await world().ready('clip');
    await killed?.container.signal('SIGKILL');
    await killed?.container.ended;
    const [next] = await world().ready('clip');
    expect(next?.instance).to.be.a('string').and.not.to.equal(killed?.instance);
    const response = await classify(await photo());
    expect(response.status).to.equal(200);
    await response.text();
  });
});
