import { expect } from 'chai';
import { BenchPictures } from '../../../scripts/bench/bench-pictures.ts';
import type { Answer } from '../../../scripts/bench/clip-process.ts';
import { measureEventLoop } from '../../../scripts/bench/measure-event-loop.ts';
import { measureHostile, measureService, type Posts } from '../../../scripts/bench/measure-service.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';
import { makeTinyModels } from '../../fixtures/tiny-bundle.ts';

/** A service that says how long it took: 20 ms for a picture it has not seen, 2 ms for one that it has. */
class PretendedService implements Posts {
  readonly #seen = new Set<string>();
  inFlight = 0;
  mostInFlight = 0;

  async post(body: Uint8Array): Promise<Answer> {
    this.inFlight++;
    this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
    await new Promise(setImmediate);
    this.inFlight--;
    const hash = sha256Hex(body);
    const isSeen = this.#seen.has(hash);
    this.#seen.add(hash);
    return { status: 200, ms: isSeen ? 2 : 20, cache: isSeen ? 'hit' : 'miss' };
  }
}

describe('measureService', () => {
  it('sets new photos beside a cached one, and eight in flight beside one', async () => {
    const service = new PretendedService();
    const [latency, throughput] = await measureService(service, await BenchPictures.draw());
    expect(latency).to.deep.include({ value: '20.0 ms (95 %: 20.0 ms)', ratio: 10, isMet: true });
    expect(latency?.baseline).to.contain('from the cache: 2.0 ms');
    expect(throughput?.what).to.contain('8 in flight');
    expect(service.mostInFlight).to.equal(8);
  });

  it('does not take a refusal for a quick answer', async () => {
    const refusing: Posts = { post: () => Promise.resolve({ status: 429, ms: 1, cache: '' }) };
    const outcome = await measureService(refusing, await BenchPictures.draw()).catch(String);
    expect(outcome).to.contain('Expected status 200 for a photo but received 429');
  });
});

describe('measureHostile', () => {
  const answers = (statuses: Readonly<Record<string, number>>): Posts => ({
    post(body) {
      const name = new TextDecoder().decode(body);
      return Promise.resolve({ status: statuses[name] ?? 200, ms: 10 * name.length, cache: '' });
    },
  });
  const files = ['a', 'bbb', 'cc'].map((name) => ({ name, bytes: new TextEncoder().encode(name) }));
  const photo = new TextEncoder().encode('p');

  it('names the slowest', async () => {
    const { row, failures } = await measureHostile(answers({ bbb: 422 }), files, photo);
    expect(row.what).to.equal('slowest of 3 hostile files (bbb: 422)');
    expect(row).to.include({ value: '30.0 ms', ratio: 3, isMet: true });
    expect(failures).to.deep.equal([]);
  });

  it('misses its goal by a server error, however quick', async () => {
    const { row, failures } = await measureHostile(answers({ a: 500 }), files, photo);
    expect(row.isMet).to.equal(false);
    expect(failures).to.deep.equal(['a: 500']);
  });
});

describe('measureEventLoop', () => {
  it('measures a bundle in the worker and on the main thread', async () => {
    const models = await makeTinyModels();
    const row = await measureEventLoop(await readBundle(`${models.directory}/tiny`), 1);
    await models.remove();
    expect(row.value).to.match(/^\d+(\.\d)? ms$/);
    expect(row.baseline).to.match(/main thread: \d+(\.\d)? ms; nothing to do: \d+(\.\d)? ms$/);
    expect(row.goal).to.equal('≤ 20 ms');
  });
});
