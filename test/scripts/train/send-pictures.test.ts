import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { UserError } from '../../../scripts/command/user-error.ts';
import { sendPictures, type LabelledPicture } from '../../../scripts/train/send-pictures.ts';
import type { PictureStatus, Upload } from '../../../scripts/train/trainer-client.ts';
import { TrainerError } from '../../../scripts/train/trainer-error.ts';
import { sha256Hex } from '../../../shared/io/sha256.ts';

const kept: PictureStatus = { status: 'kept' };
const problem = (code: string): PictureStatus => ({
  status: 'failed',
  problem: { code, detail: `It is \`${code}\`.` },
});

describe('sendPictures', () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), 'train-'))));
  after(() => rm(directory, { recursive: true, force: true }));

  const files = (label: string, count: number, bytes = 8): Promise<readonly LabelledPicture[]> =>
    Promise.all(
      Array.from({ length: count }, async (_, at) => {
        const path = join(directory, `${label}-${at}.jpg`);
        await writeFile(path, Buffer.alloc(bytes, `${label}${at}`));
        return { path, label };
      }),
    );

  /** Sends to a trainer that answers as `answer` says. */
  async function send(
    pictures: readonly LabelledPicture[],
    answer: (label: string, uploads: readonly Upload[]) => readonly PictureStatus[],
    { known = new Map<string, string>(), signal = new AbortController().signal } = {},
  ) {
    const requests: { label: string; count: number }[] = [];
    const outcomes: string[] = [];
    const pauses: number[] = [];
    await sendPictures(pictures, {
      client: {
        maxUploadBytes: () => Promise.resolve(20 * 2 ** 20),
        examples: () => Promise.resolve(known),
        add: (_, label, uploads) => {
          requests.push({ label, count: uploads.length });
          return new Promise((resolve) => resolve(answer(label, uploads)));
        },
      },
      head: 'h',
      onFile: ({ path }, outcome) =>
        outcomes.push(`${basename(path)} ${outcome.is}${'reason' in outcome ? `: ${outcome.reason}` : ''}`),
      onPause: (_, ms) => pauses.push(ms),
      signal,
      firstPauseMs: 1,
    });
    return { requests, outcomes, pauses };
  }
  const keepAll = (_: string, uploads: readonly Upload[]) => uploads.map(() => kept);
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('sends at most 32 pictures of one label at once, and tells of each file', async () => {
    const pictures = [...(await files('dog', 70)), ...(await files('cat', 3))];
    const { requests, outcomes } = await send(pictures, keepAll);
    expect(requests).to.deep.equal([
      { label: 'dog', count: 32 },
      { label: 'dog', count: 32 },
      { label: 'dog', count: 6 },
      { label: 'cat', count: 3 },
    ]);
    expect(new Set(outcomes).size).to.equal(73);
    expect(outcomes[0]).to.equal('dog-0.jpg added');
  });

  it('keeps a request below the bytes that the trainer takes, and leaves out what is too large', async () => {
    const pictures = [...(await files('dog', 3, 15 * 2 ** 20)), ...(await files('large', 1, 21 * 2 ** 20))];
    const { requests, outcomes } = await send(pictures, keepAll);
    expect(requests.map(({ count }) => count)).to.deep.equal([2, 1]);
    expect(outcomes.at(-1)).to.equal('large-0.jpg refused: A picture may have 21 MB.');
  });

  it('does not send what is there already', async () => {
    const pictures = await files('dog', 3);
    const known = new Map([[sha256Hex(Buffer.alloc(8, 'dog1')), 'dog']]);
    const { requests, outcomes } = await send(pictures, keepAll, { known });
    expect(requests).to.deep.equal([{ label: 'dog', count: 2 }]);
    expect(outcomes).to.contain('dog-1.jpg there already');
  });

  it('sends again what there was no time for, 32 at most all the same', async () => {
    let isFirst = true;
    const { requests, outcomes } = await send(await files('dog', 40), (_, uploads) => {
      const statuses = uploads.map((): PictureStatus =>
        isFirst ? { status: 'not done, send again' } : kept,
      );
      isFirst = false;
      return statuses.slice(0, 30);
    });
    expect(requests.map(({ count }) => count)).to.deep.equal([32, 32, 10]);
    expect(outcomes.filter((text) => text.endsWith('added'))).to.have.length(40);
  });

  it('says why a picture was refused for good, and tries again what may pass', async () => {
    const tries: number[] = [];
    const { outcomes } = await send(await files('dog', 2), (_, uploads) => {
      tries.push(uploads.length);
      return uploads.map(({ name }) => problem(name === 'dog-0.jpg' ? 'unsupported-image' : 'busy'));
    });
    expect(outcomes).to.deep.equal([
      'dog-0.jpg refused: It is unsupported-image.',
      'dog-1.jpg refused: It is busy.',
    ]);
    expect(tries).to.deep.equal([2, 1, 1, 1, 1, 1]);
  });

  it('goes on after a broken connection, with longer pauses, or as long as the trainer says', async () => {
    let failures = 3;
    const { outcomes, pauses } = await send(await files('dog', 2), (_, uploads) => {
      if (failures-- > 0) {
        throw new TrainerError('Gone.', { isTemporary: true, ...(failures === 0 && { retryAfterMs: 3 }) });
      }
      return uploads.map(() => kept);
    });
    expect(outcomes).to.have.length(2);
    expect(pauses).to.deep.equal([1, 2, 3]);
  });

  it('gives up in the end, and says how to go on', async () => {
    const pictures = await files('dog', 1);
    const error = await failure(
      send(pictures, () => {
        throw new TrainerError('Gone.', { isTemporary: true });
      }),
    );
    expect(error).to.be.instanceOf(UserError);
    expect(String(error)).to.contain('Given up after 6 tries').and.to.contain('goes on where it stopped');
  });

  it('stops at what no patience mends', async () => {
    let requests = 0;
    const error = await failure(
      send(await files('dog', 40), () => {
        requests += 1;
        throw new TrainerError('The store is full.', { code: 'store-full', isTemporary: false });
      }),
    );
    expect(String(error)).to.contain('The store is full.');
    expect(requests).to.equal(1);
  });

  it('stops in a pause when it is told to', async () => {
    const controller = new AbortController();
    const error = await failure(
      send(
        await files('dog', 1),
        () => {
          setImmediate(() => controller.abort(new Error('Ctrl-C')));
          throw new TrainerError('Gone.', { isTemporary: true, retryAfterMs: 30_000 });
        },
        { signal: controller.signal },
      ),
    );
    expect(String(error)).to.contain('Ctrl-C');
  });
});
