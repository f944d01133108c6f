import { expect } from 'chai';
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { photo } from './asking.ts';
import { GATEWAY } from './gateway-process.ts';
import { until } from './world.ts';
import { describeOpenfaas } from './with-openfaas.ts';

describeOpenfaas('a picture that arrives slowly', (world) => {
  const clip = () => {
    const deployment = world().provider.deployments.get('clip');
    if (deployment === undefined) throw new Error('Expected clip to be deployed.');
    return deployment;
  };
  const hasLogged = (instance: string, words: string) =>
    clip().logs.some((line) => line.instance === instance && line.text.includes(words));

  /** A request whose first half is on its way. */
  function begin(half: Uint8Array): ClientRequest {
    const outgoing = request(`${GATEWAY}/function/clip`, {
      method: 'POST',
      headers: { 'Content-Type': 'image/jpeg' },
      agent: false,
    });
    outgoing.write(half);
    return outgoing;
  }

  async function answerTo(outgoing: ClientRequest): Promise<{ status: number | undefined; body: string }> {
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { status: incoming.statusCode, body: await text(incoming) };
  }

  beforeEach(async () => {
    await world().deployStack('clip');
  });

  it('is classified, although two SIGTERMs come in its middle', async () => {
    const [leaving] = await world().ready('clip');
    const picture = await photo();
    const outgoing = begin(picture.subarray(0, picture.length / 2));
    await until(() => world().provider.calls.some((call) => call.status === undefined));
    for (let times = 0; times < 2; times += 1) {
      await leaving?.container.signal('SIGTERM');
      await until(() => hasLogged(leaving?.instance ?? '', '"leaving when idle"'));
    }
    outgoing.end(picture.subarray(picture.length / 2));
    const { status, body } = await answerTo(outgoing);
    expect(status, body).to.equal(200);
    await leaving?.container.ended;
  });

  it('and for too long, is a 408 that its sender gets to read; the replica goes on', async () => {
    const picture = await photo();
    const outgoing = begin(picture);
    // Slower than Go's servers, which take in 256 KiB more before they answer: those are not to be filled.
    const drops = setInterval(() => outgoing.write(new Uint8Array(20_000)), 1_000);
    const { status, body } = await answerTo(outgoing).finally(() => clearInterval(drops));
    outgoing.destroy();
    expect(status, body).to.equal(408);
    expect(JSON.parse(body)).to.include({ code: 'request-timeout' });
    const whole = begin(picture);
    whole.end();
    expect((await answerTo(whole)).status).to.equal(200);
  });
});
