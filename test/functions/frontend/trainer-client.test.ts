import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { TrainerClient } from '../../../functions/frontend/trainer-client.ts';
import { silentLog } from '../../fixtures/silent-log.ts';

describe('TrainerClient of frontend', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function asking(answer: RequestListener): Promise<TrainerClient> {
    const own = createServer(answer);
    server = own;
    await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
    const gatewayUrl = `http://127.0.0.1:${(own.address() as AddressInfo).port}`;
    return new TrainerClient({ gatewayUrl, timeoutMs: 500, log: silentLog });
  }

  it('gives up an answer that stops half-way, also where memory was cleared meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const clearMemory = runInNewContext('gc') as () => void;
    const client = await asking((_request, response) => response.writeHead(200).write('{"half":'));
    const reply = client.get('/status', 'id-1');
    for (let times = 0; times < 5; times++) {
      await pause(50);
      clearMemory();
    }
    expect(await reply).to.equal(undefined);
  });

  it('follows no redirect', async () => {
    const asked: (string | undefined)[] = [];
    const client = await asking((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    expect(await client.get('/status', 'id-1')).to.equal(undefined);
    expect(asked).to.deep.equal(['/function/trainer/status']);
  });
});
