import { expect } from 'chai';

import { ClipOffer } from '../../../functions/frontend/clip-offer.ts';
import { ClipClient } from '../../../shared/http/clip-client.ts';
import { plainReply } from './fake-clip.ts';
import { LoopbackGateway } from './loopback-gateway.ts';
import { RecordedLog } from '../../fixtures/recorded-log.ts';

describe('ClipOffer', () => {
  let gateway: LoopbackGateway;
  let log: RecordedLog;
  let offer: ClipOffer;

  beforeEach(async () => {
    gateway = await LoopbackGateway.start();
    log = new RecordedLog();
    offer = offerWithin(10_000);
  });

  afterEach(() => gateway.close());

  const offerWithin = (timeoutMs: number) =>
    new ClipOffer(new ClipClient({ gatewayUrl: gateway.url, timeoutMs }), log);
  const ids = async (model?: string): Promise<readonly string[]> =>
    (await offer.get('call-1', model)).heads.map(({ id }) => id);
  const asked = () => gateway.clip.asked.map(({ url }) => url).sort();

  it('is what clip lists, asked once by many pages at a time', async () => {
    const lists = await Promise.all([ids(), ids(), ids()]);
    for (const list of lists) expect(list).to.deep.equal(['cifar100', 'cat-dog', 'dog-breeds']);
    expect(asked()).to.deep.equal(['/heads', '/status']);
    expect(gateway.clip.asked[0]?.headers['x-call-id']).to.equal('call-1');
  });

  it('names the models, the default one first', async () => {
    gateway.clip.models = ['another', 'mini-clip'];
    expect((await offer.get('call-1')).models).to.deep.equal(['mini-clip', 'another']);
  });

  it('has the heads of another model, and asks for those of a model that there is alone', async () => {
    gateway.clip.models = ['mini-clip', 'another'];
    await ids('another');
    await ids('another');
    expect(asked()).to.deep.equal(['/heads?model=another', '/status']);
    gateway.clip.asked.length = 0;
    for (const model of ['made-up-1', 'made-up-2', 'mini-clip']) await ids(model);
    expect(asked()).to.deep.equal(['/heads']);
  });

  it('is the head that every set has while clip is silent, and the log says why', async () => {
    offer = offerWithin(200);
    gateway.clip.replyToRest = () => undefined;
    expect(await ids()).to.deep.equal(['cifar100']);
    expect(log.lines).to.have.length(2);
    expect(JSON.stringify(log.lines[0])).to.match(/call-1.*did not answer within 0\.2 s/);
  });

  it('lets a clip that failed just now be for a while', async () => {
    gateway.clip.replyToRest = plainReply(502);
    await ids();
    gateway.clip.replyToRest = undefined;
    expect(await ids()).to.deep.equal(['cifar100']);
    expect(gateway.clip.asked).to.have.length(2);
  });

  it('takes an empty list for none', async () => {
    gateway.clip.replyToRest = plainReply(200, '{"heads":[]}');
    expect(await ids()).to.deep.equal(['cifar100']);
    expect((await offer.get('call-1')).models).to.deep.equal([]);
  });
});
