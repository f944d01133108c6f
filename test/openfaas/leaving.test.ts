import { expect } from 'chai';
import { classify, photo } from './asking.ts';
import { loadWhile } from './load.ts';
import { until, type World } from './world.ts';
import { describeOpenfaas } from './with-openfaas.ts';

/** Pictures that were never seen before: the bytes after a JPEG's end do not matter to a decoder. */
async function manyPhotos(): Promise<(number: number) => Uint8Array<ArrayBuffer>> {
  const picture = await photo('orange');
  return (number) => {
    const own = new Uint8Array(picture.byteLength + 8);
    own.set(picture);
    new DataView(own.buffer).setFloat64(picture.byteLength, number);
    return own;
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Until the model of each replica of clip has answered once. */
async function warm(world: World, count: number): Promise<void> {
  const replicas = await world.ready('clip', count);
  for (const { container } of replicas) {
    await until(async () => {
      const ready = await fetch(`http://${container.address}:8080/ready`);
      await ready.text();
      return ready.status === 200;
    });
  }
}

describeOpenfaas('the end of a replica', (world) => {
  const clip = () => {
    const deployment = world().provider.deployments.get('clip');
    if (deployment === undefined) throw new Error('Expected clip to be deployed.');
    return deployment;
  };

  before(async () => {
    await world().deployStack('clip');
    await clip().scale(2);
    await warm(world(), 2);
  });

  it('by SIGTERM under 20 requests a second fails not one of them', async () => {
    const one = await manyPhotos();
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
    expect(
      clip().logs.some((line) => line.instance === leaving?.instance && line.text.includes('"left"')),
    ).to.equal(true);
  });

  it('by a rolling update under 20 requests a second fails not one of them', async () => {
    const one = await manyPhotos();
    const old = new Set(clip().replicas.map(({ instance }) => instance));
    const { sent, failures } = await loadWhile(
      (number) => classify(one(-number)),
      async () => {
        await pause(500);
        await world().mustCli(['deploy', '-f', 'stack.yml', '--regex', '^clip$']);
        await until(() => clip().replicas.every(({ instance }) => !old.has(instance)));
      },
    );
    expect(failures).to.deep.equal([]);
    expect(sent).to.be.greaterThan(60);
  });

  it('by kill -9 is made good: a new replica answers, nothing of the old one is left', async () => {
    await warm(world(), 1);
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
