import { expect } from 'chai';
import { answerOf, classify, photo } from './asking.ts';
import { isReady, kubectl, podsOf, scale, settled, until } from './cluster.ts';
import { installTraining } from './installation.ts';
import { describeOnCluster } from './with-cluster.ts';

/**
 * Run inside a pod: makes the function's own process take memory until the kernel ends it, by the inspector that Node
 * opens at SIGUSR1.
 */
const TAKE_ALL_MEMORY = `
  const { readdirSync, readFileSync } = require('fs');
  const pid = readdirSync('/proc').find((name) => {
    try { return readFileSync('/proc/' + name + '/cmdline', 'utf8').includes('dist/server.js') && name !== '1'; }
    catch { return false; }
  });
  process.kill(Number(pid), 'SIGUSR1');
  setTimeout(async () => {
    const [{ webSocketDebuggerUrl }] = await (await fetch('http://127.0.0.1:9229/json')).json();
    const socket = new WebSocket(webSocketDebuggerUrl);
    const expression = 'globalThis.kept = []; setInterval(() => kept.push(Buffer.alloc(2 ** 25, 1)), 20)';
    socket.onopen = () => socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } }));
    setTimeout(() => process.exit(0), 20000);
  }, 1000);`;

describeOnCluster('what goes wrong on a cluster', () => {
  before(() => installTraining());

  it('a pod that its memory limit ends comes back, while the other one answers', async () => {
    await scale('clip', 2);
    const [victim] = await settled('clip', 2);
    const name = victim?.metadata.name ?? '';
    // What is run inside ends with the container.
    await kubectl(['exec', name, '--', 'node', '-e', TAKE_ALL_MEMORY]).catch(() => '');
    const status = async () =>
      (await podsOf('clip')).find(({ metadata }) => metadata.name === name)?.status.containerStatuses?.[0];
    await until(async () => ((await status())?.restartCount ?? 0) > 0, {
      what: `${name} to be started again`,
    });
    const ended = (await status())?.lastState.terminated;
    console.log(`        ${ended?.reason ?? ''}, exit code ${ended?.exitCode ?? ''}`);
    expect(ended?.reason).to.equal('OOMKilled');
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
