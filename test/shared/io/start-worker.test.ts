import { expect } from 'chai';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startWorker } from '../../../shared/io/start-worker.ts';
import { temporaryDirectory } from './sample-bundle.ts';

describe('startWorker', () => {
  for (const [extension, answer] of [
    ['ts', 'const n: number = 41; export const answer: number = n + 1;'],
    ['mjs', 'export const answer = 42;'],
  ] as const) {
    it(`runs an entry that ends in .${extension}`, async () => {
      const { path, remove } = await temporaryDirectory();
      await writeFile(join(path, 'package.json'), '{ "type": "module" }');
      await writeFile(join(path, `answer.${extension}`), answer);
      const source = `import { parentPort, workerData } from 'node:worker_threads';
        import { answer } from './answer.${extension}';
        parentPort?.postMessage([answer, workerData]);`;
      await writeFile(join(path, `entry.worker.${extension}`), source);
      const worker = startWorker(pathToFileURL(join(path, `entry.worker.${extension}`)), {
        workerData: 'given',
      });
      const [message] = (await once(worker, 'message')) as [unknown];
      expect(message).to.deep.equal([42, 'given']);
      await worker.terminate();
      await remove();
    });
  }
});
