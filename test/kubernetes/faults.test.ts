import { expect } from 'chai';
import { answerOf, classify, photo } from './asking.ts';
import { inFunctionsPod, isReady, kubectl, podsOf, restarted, scale, settled } from './cluster.ts';
import { installTraining } from './installation.ts';
import { describeOnCluster } from './with-cluster.ts';

/**
 * Run inside a pod: makes the function's own process take memory until the kernel ends it, by the inspector that Node
 * opens at SIGUSR1.
 */
const TAKE_ALL_MEMORY = `
  process.kill(pid, 'SIGUSR1');
  setTimeout(async () => {
    const [{ webSocketDebuggerUrl }] = await (await fetch('http://127.0.0.1:9229/json')).json();
    const socket = new WebSocket(webSocketDebuggerUrl);
    const expression = 'globalThis.kept = []; setInterval(() => kept.push(Buffer.alloc(2 ** 25, 1)), 20)';
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
    setTimeout(() => process.exit(0), 20000);
  }, 1000);`;

describeOnCluster('what goes wrong on a cluster', () => {
  before(() => installTraining());

  for (const { title, script, reason } of [
    { title: 'that its memory limit ends', script: TAKE_ALL_MEMORY, reason: 'OOMKilled' },
    { title: 'whose function is ended by kill -9', script: `process.kill(pid, 'SIGKILL');`, reason: 'Error' },
  ])
    it(`a pod ${title} comes back, while the other one answers`, async () => {
      await scale('clip', 2);
      const [victim] = await settled('clip', 2);
      const name = victim?.metadata.name ?? '';
      const ended = await restarted(name, () => inFunctionsPod(name, script));
      console.log(`        ${ended?.reason ?? ''}, exit code ${ended?.exitCode ?? ''}`);
      expect(ended?.reason).to.equal(reason);
      expect((await classify(await photo('castle'))).status).to.equal(200);
      await settled('clip', 2);
      await answerOf(await classify(await photo('castle')));
    });

  it('a node that is drained gives its functions back once it may', async () => {
    const [pod] = (await podsOf('clip')).filter(isReady);
    const node = pod?.spec.nodeName ?? '';
    const old = (await podsOf('clip')).map(({ metadata }) => metadata.name);
    await kubectl(['label', 'node', node, '--overwrite', 'clip-functions-test=draining']);
    await kubectl([
      ...['drain', node, '--pod-selector=faas_function', '--ignore-daemonsets'],
      ...['--delete-emptydir-data', '--timeout=120s'],
    ]);
    const names = (await podsOf('clip')).filter(isReady).filter(({ spec }) => spec.nodeName === node);
    expect(names).to.deep.equal([]);
    await kubectl(['uncordon', node]);
    await kubectl(['label', 'node', node, 'clip-functions-test-']);
    for (const [name, count] of Object.entries({ clip: 2, frontend: 1, trainer: 1 }))
      await settled(name, count);
    expect((await podsOf('clip')).map(({ metadata }) => metadata.name)).to.not.have.members(old);
    const answer = await answerOf(await classify(await photo('two-dogs'), '?head=cat-dog'));
    expect(answer.predictions[0]?.label).to.equal('dog');
  });
});
