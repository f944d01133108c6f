import { expect } from 'chai';
import { answerOf, classify, gateway, variant } from './asking.ts';
import { getFromPod, inFunctionsPod, kubectl, restarted, scale, settled, until } from './cluster.ts';
import { installTraining } from './installation.ts';
import { describeOnCluster } from './with-cluster.ts';

const HEAD = 'kubernetes-test';
const LABELS = { fruit: 'orange', building: 'castle' } as const;
const EACH = 6;

describeOnCluster('a head that is trained on the cluster', () => {
  let token: string;
  let version: string;

  const trainer = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return fetch(`${gateway()}/function/trainer/heads/${HEAD}${path}`, { ...init, headers });
  };

  const train = (): Promise<Response> =>
    trainer('/train', { method: 'POST', headers: { Accept: 'text/event-stream' } });

  before(async () => {
    token = await installTraining();
    await scale('clip', 3);
    await settled('clip', 3);
  });

  it('is refused without the token', async () => {
    const response = await fetch(`${gateway()}/function/trainer/heads/${HEAD}/train`, { method: 'POST' });
    expect(response.status).to.equal(401);
  });

  it('takes examples', async () => {
    for (const [label, name] of Object.entries(LABELS)) {
      const form = new FormData();
      for (let number = 0; number < EACH; number += 1)
        form.append('image', new Blob([await variant(name, number)]), `${number}.jpg`);
      const response = await trainer(`/examples?label=${label}`, { method: 'POST', body: form });
      const { pictures } = (await response.json()) as { pictures: { status: string }[] };
      expect(
        pictures.map(({ status }) => status),
        JSON.stringify(pictures),
      ).to.deep.equal(Array(EACH).fill('kept'));
    }
  });

  it('is live on all three replicas within five seconds of its last event', async () => {
    const events = await (await train()).text();
    const endedAt = performance.now();
    const done = /^event: done\ndata: (.*)$/m.exec(events)?.[1];
    expect(done, events.slice(-500)).to.be.a('string');
    ({ version } = JSON.parse(done ?? '') as { version: string });
    const pods = await settled('clip', 3);
    await until(
      async () => {
        const versions = await Promise.all(pods.map(({ metadata }) => versionIn(metadata.name)));
        return versions.every((one) => one === version);
      },
      { what: `${version} on three replicas`, maxMs: 5_000, everyMs: 100 },
    );
    console.log(`        live everywhere after ${Math.round(performance.now() - endedAt)} ms`);
  });

  it('answers through the gateway', async () => {
    const answer = await answerOf(await classify(await variant('orange', 9), `?head=${HEAD}`));
    expect(answer.version).to.equal(version);
    expect(answer.predictions[0]?.label).to.equal('fruit');
  });

  it('outlasts a restart of Redis, which is told to end and does, with its examples', async () => {
    expect(await kubectl(['exec', 'redis-0', '--', 'cat', '/proc/1/comm'])).to.equal('redis-server\n');
    await kubectl(['delete', 'pod', 'redis-0']);
    await kubectl(['rollout', 'status', 'statefulset/redis', '--timeout=120s']);
    await until(async () => (await trainer('')).status === 200, { what: 'the store behind trainer' });
    expect(await (await trainer('')).json()).to.include({ current: version, examples: EACH * 2 });
    expect((await answerOf(await classify(await variant('castle', 9), `?head=${HEAD}`))).version).to.equal(
      version,
    );
    const examples = (await (await trainer('/examples')).json()) as { examples: { sha256: string }[] };
    const picture = await trainer(`/examples/${examples.examples[0]?.sha256 ?? ''}`);
    expect([picture.status, picture.headers.get('Content-Type')]).to.deep.equal([200, 'image/jpeg']);
  });

  it('outlasts kill -9 of trainer in the middle of a training, and the next training runs', async () => {
    const [pod] = await settled('trainer', 1);
    const name = pod?.metadata.name ?? '';
    await restarted(name, async () => {
      const reader = (await train()).body?.getReader();
      await reader?.read();
      await inFunctionsPod(name, `process.kill(pid, 'SIGKILL');`);
      // Whatever came of the stream: cut off, or over before that.
      await reader?.cancel().catch(() => undefined);
    });
    await settled('trainer', 1);
    expect(await (await trainer('')).json()).to.include({ examples: EACH * 2 });
    const done = /^event: done\ndata: (.*)$/m.exec(await (await train()).text())?.[1];
    ({ version } = JSON.parse(done ?? '{}') as { version: string });
    expect(version).to.match(/^sha256:/);
  });

  it('outlasts a new pod, which reads it from the store', async () => {
    // A rolling update starts one more pod than there are: a small node has no room for a fourth one.
    await scale('clip', 1);
    await settled('clip', 1);
    await kubectl(['rollout', 'restart', 'deployment/clip']);
    await kubectl(['rollout', 'status', 'deployment/clip', '--timeout=180s']);
    for (const { metadata } of await settled('clip', 1))
      await until(async () => (await versionIn(metadata.name)) === version, {
        what: 'the head in the new pod',
      });
  });

  async function versionIn(pod: string): Promise<string | undefined> {
    return (await getFromPod<{ version?: string }>(pod, `/heads/${HEAD}`).catch(() => undefined))?.version;
  }
});
