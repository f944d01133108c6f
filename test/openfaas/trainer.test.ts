import { expect } from 'chai';
import { variant } from '../kubernetes/asking.ts';
import { classify } from './asking.ts';
import { GATEWAY } from './gateway-process.ts';
import { findProgram } from './programs.ts';
import { StoreProcess } from './store-process.ts';
import { describeOpenfaas } from './with-openfaas.ts';
import { until } from './world.ts';

const HEAD = 'openfaas-test';
const TOKEN = 'the-token-of-this-test';
const PASSWORD = 'the-password-of-this-test';
const EACH = 5;
const REDIS_NOTE =
  findProgram('redis-server', process.env) === undefined ? ' (skipped: no redis-server)' : '';

describeOpenfaas(`stack.trainer.yml behind gateway and watchdog${REDIS_NOTE}`, (world) => {
  const store = new StoreProcess(PASSWORD);

  before(async function () {
    if (REDIS_NOTE !== '') this.skip();
    await store.start();
    await world().mustCli(['secret', 'create', 'trainer-token', '--from-literal', TOKEN]);
    await world().mustCli(['secret', 'create', 'store-password', '--from-literal', PASSWORD]);
    await world().mustCli(['deploy', '-f', 'stack.trainer.yml']);
    for (const name of ['clip', 'trainer']) await world().ready(name);
  });

  after(() => store.stop());

  const trainer = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${TOKEN}`);
    return fetch(`${GATEWAY}/function/trainer/heads/${HEAD}${path}`, { ...init, headers });
  };

  const train = (): Promise<Response> =>
    trainer('/train', { method: 'POST', headers: { Accept: 'text/event-stream' } });

  it('asks for the token of the secret', async () => {
    const open = await fetch(`${GATEWAY}/function/trainer/heads/${HEAD}/train`, { method: 'POST' });
    expect(open.status).to.equal(401);
    expect(open.headers.get('WWW-Authenticate')).to.match(/^Bearer/);
    await open.text();
  });

  /** Uploads variants of a sample. @returns a status of each */
  async function teach(
    label: string,
    sample: string,
    numbers: readonly number[],
  ): Promise<readonly string[]> {
    const form = new FormData();
    for (const number of numbers)
      form.append('image', new Blob([await variant(sample, number)]), `${number}.jpg`);
    const response = await trainer(`/examples?label=${label}`, { method: 'POST', body: form });
    const { pictures } = (await response.json()) as { pictures: { status: string }[] };
    return pictures.map(({ status }) => status);
  }

  it('takes examples, which clip embeds by way of the gateway', async () => {
    const numbers = [...Array(EACH).keys()];
    expect(await teach('fruit', 'orange', numbers)).to.deep.equal(numbers.map(() => 'kept'));
    expect(await teach('building', 'castle', numbers)).to.deep.equal(numbers.map(() => 'kept'));
  });

  it('keeps every picture of an upload, although SIGTERM comes in its middle', async () => {
    const numbers = [...Array(20).keys()].map((number) => EACH + number);
    const [leaving] = await world().ready('trainer');
    const sentBefore = world().provider.calls.length;
    const statuses = teach('building', 'tractor', numbers);
    // It has the upload once it asks clip about the first picture.
    await until(() =>
      world()
        .provider.calls.slice(sentBefore)
        .some(({ name }) => name === 'clip'),
    );
    await leaving?.container.signal('SIGTERM');
    expect(await statuses).to.deep.equal(numbers.map(() => 'kept'));
    await leaving?.container.ended;
    await world().ready('trainer');
  });

  it('streams a training through the gateway as it goes, and clip answers with the head', async () => {
    const response = await train();
    const chunks: string[] = [];
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? [])
      chunks.push(decoder.decode(chunk as Uint8Array, { stream: true }));
    expect(chunks.length, 'pieces that the stream came in').to.be.greaterThan(1);
    const done = /^event: done\ndata: (.*)$/m.exec(chunks.join(''))?.[1];
    expect(done).to.be.a('string');
    const { version } = JSON.parse(done ?? '') as { version: string };
    const picture = await variant('orange', 9);
    await until(async () => {
      const answer = (await (await classify(picture, { query: `?head=${HEAD}` })).json()) as {
        version?: string;
      };
      return answer.version === version;
    });
  });

  it('killed in the middle of a training, loses nothing and trains again', async () => {
    const examples = async () => ((await (await trainer('')).json()) as { examples?: number }).examples;
    const kept = await examples();
    const [killed] = await world().ready('trainer');
    const reader = (await train()).body?.getReader();
    await reader?.read();
    await killed?.container.signal('SIGKILL');
    // Whatever came of the stream: cut off, or over before that.
    await reader?.cancel().catch(() => undefined);
    await killed?.container.ended;
    await world().ready('trainer');
    await until(async () => (await examples()) === kept);
    expect(await (await train()).text()).to.match(/^event: done$/m);
  });

  it('without its store clip goes on with what it has, and trainer says 503', async () => {
    await store.stop();
    const answer = await classify(await variant('castle', 9), { query: `?head=${HEAD}` });
    expect(((await answer.json()) as { predictions: { label: string }[] }).predictions[0]?.label).to.equal(
      'building',
    );
    const response = await trainer('/examples');
    expect(response.status).to.equal(503);
    expect(response.headers.get('Retry-After')).to.match(/^\d+$/);
    await response.text();
  });
});
