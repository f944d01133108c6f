import { expect } from 'chai';

import { HeadList } from '../../../functions/frontend/head-list.ts';
import { ClipClient } from '../../../shared/http/clip-client.ts';
import { plainReply } from './fake-clip.ts';
import { LoopbackGateway } from './loopback-gateway.ts';
import { RecordedLog } from './recorded-log.ts';

describe('HeadList', () => {
  let gateway: LoopbackGateway;
  let log: RecordedLog;
  let heads: HeadList;

  beforeEach(async () => {
    gateway = await LoopbackGateway.start();
    log = new RecordedLog();
    heads = new HeadList(new ClipClient({ gatewayUrl: gateway.url, timeoutMs: 200 }), log);
  });

  afterEach(() => gateway.close());

  const ids = async (): Promise<readonly string[]> => (await heads.get('call-1')).map(({ id }) => id);

  it('is what clip lists, asked once by many pages at a time', async () => {
    const lists = await Promise.all([ids(), ids(), ids()]);
    for (const list of lists) expect(list).to.deep.equal(['cifar100', 'cat-dog', 'dog-breeds']);
    expect(gateway.clip.asked).to.have.length(1);
    expect(gateway.clip.asked[0]?.headers['x-call-id']).to.equal('call-1');
  });

  it('is the head that every set has while clip is silent, and the log says why', async () => {
    gateway.clip.replyToRest = () => undefined;
    expect(await ids()).to.deep.equal(['cifar100']);
    expect(log.lines).to.have.length(1);
    expect(JSON.stringify(log.lines[0])).to.match(/call-1.*did not answer within 0\.2 s/);
  });

  it('lets a clip that failed just now be for a while', async () => {
    gateway.clip.replyToRest = plainReply(502);
    await ids();
    gateway.clip.replyToRest = undefined;
    expect(await ids()).to.deep.equal(['cifar100']);
    expect(gateway.clip.asked).to.have.length(1);
  });

  it('takes an empty list for none', async () => {
    gateway.clip.replyToRest = plainReply(200, '{"heads":[]}');
    expect(await ids()).to.deep.equal(['cifar100']);
  });
});
