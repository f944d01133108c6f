import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFunction } from '../../../functions/clip/handler.ts';
import { answerOf } from './harness.ts';
import { silentLog } from '../../fixtures/silent-log.ts';

const PHOTOS = join(process.env.TEST_DATA_DIR ?? '', 'eval', 'photos');
/** One photograph each of things that are told apart with ease: what it calls them shows that the whole way is right. */
const CLASSES = [
  'wolf',
  'turtle',
  'tiger',
  'rocket',
  'sunflower',
  'train',
  'mushroom',
  'elephant',
  'castle',
  'bicycle',
];

describe('clip: the embedded bundle on real photographs', () => {
  if (!existsSync(PHOTOS) || !existsSync('models/mini-clip/bundle.json')) {
    it('skipped: TEST_DATA_DIR does not name a folder with eval/photos/, or models/mini-clip is not there', function () {
      this.skip();
    });
    return;
  }

  it('names most of what is on them', async function () {
    this.timeout(120_000);
    const clip = await createFunction({ CLIP_MODEL: 'mini-clip' }, silentLog);
    try {
      const named: Record<string, string | undefined> = {};
      for (const label of CLASSES) {
        const [photo] = await readdir(join(PHOTOS, label)).catch(() => []);
        if (photo === undefined) continue;
        const body = await readFile(join(PHOTOS, label, photo));
        const response = await clip.fetch(new Request('http://clip/?top=1', { method: 'POST', body }));
        named[label] = (await answerOf(response)).predictions[0]?.label;
      }
      const labels = Object.keys(named);
      expect(labels.length).to.be.above(5);
      const right = labels.filter((label) => named[label] === label).length;
      expect(right / labels.length, JSON.stringify(named)).to.be.above(0.5);
    } finally {
      await clip.close();
    }
  });
});
