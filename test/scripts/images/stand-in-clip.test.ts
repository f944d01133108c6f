import { expect } from 'chai';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readAnswers } from '../../../functions/frontend/view/answer.ts';
import { readModelIds } from '../../../functions/frontend/view/clip-status.ts';
import { generalHeads, readHeads } from '../../../functions/frontend/view/head-summary.ts';
import { Classifier } from '../../../functions/trainer/classifier.ts';
import { ClipClient } from '../../../shared/http/clip-client.ts';

const STAND_IN = 'scripts/images/stand-in-clip.ts';

describe('what stands in for clip beside an image', () => {
  let standIn: ChildProcess;
  let clip: ClipClient;
  const callId = 'call';

  before(async () => {
    const env = { ...process.env, STAND_IN_PORT: '0' };
    standIn = spawn(process.execPath, ['--import', 'tsx', STAND_IN], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(standIn.stdout ?? standIn, 'data')) as [Buffer];
    const port = /\d+/.exec(line.toString())?.[0] ?? '';
    clip = new ClipClient({ gatewayUrl: `http://127.0.0.1:${port}`, timeoutMs: 30_000 });
  });

  after(async () => {
    const ended = once(standIn, 'exit');
    standIn.kill('SIGKILL');
    await ended;
  });

  it('classifies as frontend understands it', async () => {
    const { json } = await clip.call({ body: new Uint8Array([1, 2, 3]), callId });
    expect(readAnswers(json)[0]).to.deep.include({ head: 'cifar100', confident: true });
  });

  it('lists heads and models as frontend understands them', async () => {
    const { json } = await clip.call({ path: '/heads', callId });
    expect(generalHeads(readHeads(json))).to.deep.equal(['cifar100']);
    expect(readModelIds((await clip.call({ path: '/status', callId })).json)).to.deep.equal(['stand-in']);
  });

  it('embeds as many pictures as came, as trainer understands it', async () => {
    const picture = new Uint8Array([1, 2, 3]);
    const { embeddings } = await new Classifier(clip).embed([picture, picture, picture], { callId });
    expect(embeddings).to.have.length(3);
  });
});
