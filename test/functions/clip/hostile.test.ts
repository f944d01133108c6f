import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { expectFlatMemory, itOverCollectedFiles } from '../../fixtures/collected-hostile.ts';
import { HOSTILE_PICTURES } from '../../shared/io/hostile-pictures.ts';
import { answerOf, form, picture, startClip, type ClipUnderTest } from './harness.ts';
import { HOSTILE_REQUESTS } from './hostile-requests.ts';

const REFUSALS = [400, 413, 415, 422];

describe('clip: hostile requests', () => {
  let clip: ClipUnderTest;
  let red: Uint8Array<ArrayBuffer>;

  before(async () => {
    clip = await startClip({ cache_bytes: '0', decode_timeout: '20s' });
    red = await picture('red');
  });
  after(() => clip.stop());
  afterEach(async () => {
    expect(
      (await answerOf(await clip.post(red))).predictions[0]?.label,
      'it classifies right after',
    ).to.equal('red');
    expect(clip.log.errors, 'errors of ours').to.deep.equal([]);
  });

  for (const { name, status, path, type, body } of HOSTILE_REQUESTS) {
    it(`${status} for ${name}`, async () => {
      const response = await clip.post(body(red), path, {
        'Content-Type': type ?? 'application/octet-stream',
      });
      expect(response.status, await response.clone().text()).to.equal(status);
    });
  }

  it('a problem does not grow with what was sent', async () => {
    const json = { 'Content-Type': 'application/json' };
    const members = Array.from({ length: 50_000 }, (_, at) => `"m${at}":{}`).join(',');
    const labels = Array.from(
      { length: 300 },
      (_, at) => ['labels', `label ${at} ${'x'.repeat(100)}`] as const,
    );
    const responses = [
      await clip.post(form([['image', red], ...labels])),
      await clip.post(`{${members}}`, '/', json),
      await clip.post(`{"${'n'.repeat(1_000_000)}":1}`, '/', json),
      await clip.post(JSON.stringify({ texts: Array.from({ length: 256 }, () => 1) }), '/embed', json),
    ];
    for (const response of responses) {
      expect(response.status).to.equal(400);
      expect((await response.text()).length).to.be.below(10_000);
    }
  });

  for (const { name, bytes, outcome } of HOSTILE_PICTURES) {
    it(`${outcome} for ${name}`, async function () {
      this.timeout(60_000);
      const response = await clip.post(new Uint8Array(await bytes()));
      expect(response.status).to.be.oneOf(outcome === 'picture' ? [200] : REFUSALS);
    });
  }

  itOverCollectedFiles(
    'files from forty projects get an answer or a reason, alone and in forms, with flat memory',
    async (files) => {
      const statuses = await expectFlatMemory(
        () => statusesOf(files),
        () => statusesInForms(files),
      );
      expect(statuses.filter((status) => status === 200).length).to.be.above(200);
      for (const [index, status] of statuses.entries())
        expect(status, files[index]).to.be.oneOf([200, ...REFUSALS]);
    },
  );

  async function statusesOf(files: readonly string[]): Promise<unknown[]> {
    const statuses: unknown[] = [];
    for (const file of files) statuses.push((await clip.post(new Uint8Array(await readFile(file)))).status);
    return statuses;
  }

  /** Eight pictures a form: each has a status of its own. */
  async function statusesInForms(files: readonly string[]): Promise<unknown[]> {
    const statuses: unknown[] = [];
    for (let at = 0; at < files.length; at += 8) {
      const pictures = await Promise.all(
        files.slice(at, at + 8).map(async (file) => new Uint8Array(await readFile(file))),
      );
      const response = await clip.post(form(pictures.map((bytes) => ['image', bytes] as const)));
      expect(response.status).to.equal(200);
      const answer = await answerOf(response);
      const items = pictures.length === 1 ? [answer] : answer.images;
      statuses.push(...items.map((item) => ('status' in item ? item.status : 200)));
    }
    return statuses;
  }
});
