import { expect } from 'chai';
import { loadWhile } from '../openfaas/load.ts';
import { classify, photosInTurn } from './asking.ts';
import { isReady, kubectl, podsOf, scale, settled, until } from './cluster.ts';
import { faasCli, installTraining, TAGS } from './installation.ts';
import { describeOnCluster } from './with-cluster.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describeOnCluster('20 requests a second, and not one of them fails', () => {
  let photo: Awaited<ReturnType<typeof photosInTurn>>;

  before(async () => {
    await installTraining();
    photo = await photosInTurn();
  });

  /** A quiet second before and after, so that the change falls into the load. */
  async function during(change: () => Promise<unknown>): Promise<void> {
    const { sent, failures } = await loadWhile(
      (number) => classify(photo(number)),
      async () => {
        await pause(1_000);
        await change();
        await pause(1_000);
      },
    );
    console.log(`        ${sent} requests`);
    expect(failures).to.deep.equal([]);
    expect(sent).to.be.greaterThan(60);
  }

  it('in a rolling update to a new tag, and back to the old one', async () => {
    // The second image is the first one's layers under a new name: faas-cli builds, pushes and deploys it all the same.
    for (const tag of [TAGS.second, TAGS.first]) {
      const [before] = await settled('clip', 1);
      await during(async () => {
        const verb = tag === TAGS.second ? 'up' : 'deploy';
        await faasCli([verb, '-f', 'stack.trainer.yml', '--filter', 'clip'], { tag });
        await kubectl(['rollout', 'status', 'deployment/clip', '--timeout=180s']);
        await settled('clip', 1);
      });
      const [after] = await podsOf('clip');
      expect(after?.metadata.name).to.not.equal(before?.metadata.name);
      const image = await kubectl(['get', 'deployment/clip', '-o', 'jsonpath={..containers[0].image}']);
      expect(image).to.match(new RegExp(`:${tag}$`));
    }
  });

  it('in an update to a release that cannot be loaded, which takes nobody’s place', async () => {
    const [serving] = await settled('clip', 1);
    const deploy = ['deploy', '-f', 'stack.trainer.yml', '--filter', 'clip'];
    await during(async () => {
      await faasCli([...deploy, '--env', 'max_queue=none']);
      const restarts = async () =>
        (await podsOf('clip')).map(({ status }) => status.containerStatuses?.[0]?.restartCount ?? 0);
      await until(async () => Math.max(...(await restarts())) >= 2, {
        what: 'a pod that starts again and again',
      });
    });
    expect((await podsOf('clip')).filter(isReady).map(({ metadata }) => metadata.name)).to.deep.equal([
      serving?.metadata.name,
    ]);
    await faasCli(deploy);
    await kubectl(['rollout', 'status', 'deployment/clip', '--timeout=180s']);
    await settled('clip', 1);
  });

  it('in a scale from one to three and back', async () => {
    await during(async () => {
      await scale('clip', 3);
      await settled('clip', 3);
      await pause(2_000);
      await scale('clip', 1);
      await settled('clip', 1);
    });
  });

  it('in the deletion of one of two pods', async () => {
    await scale('clip', 2);
    const [victim] = await settled('clip', 2);
    const name = victim?.metadata.name ?? '';
    await during(async () => {
      await kubectl(['delete', 'pod', name]);
      await settled('clip', 2);
    });
    expect((await podsOf('clip')).map(({ metadata }) => metadata.name)).to.not.include(name);
  });
});
