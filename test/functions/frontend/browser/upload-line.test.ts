import { expect } from 'chai';
import { SendError } from '../../../../functions/frontend/browser/page/send-error.ts';
import { summary } from '../../../../functions/frontend/browser/train/bin-view.ts';
import { describeState, ExampleUpload } from '../../../../functions/frontend/browser/train/example-upload.ts';
import type { PictureReply } from '../../../../functions/frontend/browser/train/picture-reply.ts';
import { UploadLine } from '../../../../functions/frontend/browser/train/upload-line.ts';

const kept: PictureReply = { status: 'kept', problem: undefined };
const uploadsOf = (count: number, label = 'dog', bytes = 10) =>
  Array.from(
    { length: count },
    (_, at) => new ExampleUpload(new File(['x'.repeat(bytes)], `${at}.png`), label),
  );
const error = (code: string) => new SendError({ code, title: code, detail: `It is ${code}.` });

type Send = (label: string, count: number) => readonly PictureReply[];

/** A line whose requests are answered by `send`, without any pause. */
function lineOf(send: Send) {
  const asked: { label: string; count: number }[] = [];
  const pauses: number[] = [];
  let stops = 0;
  let idle: () => void = () => undefined;
  const isIdle = new Promise<void>((resolve) => (idle = resolve));
  const line = new UploadLine({
    prepare: (file) => Promise.resolve(file),
    send: async (label, { pictures, onProgress }) => {
      asked.push({ label, count: pictures.length });
      onProgress(0.5);
      return Promise.resolve(send(label, pictures.length));
    },
    onPause: (_, ms) => pauses.push(ms),
    onStop: () => (stops += 1),
    onIdle: () => idle(),
    pause: () => Promise.resolve(),
  });
  return { line, asked, pauses, isIdle, stopsOf: () => stops };
}

const states = (uploads: readonly ExampleUpload[]) => [...new Set(uploads.map(({ state }) => state.is))];

describe('UploadLine', () => {
  it('sends a label at a time, in chunks of at most 32 pictures', async () => {
    const { line, asked, isIdle } = lineOf((_, count) => Array<PictureReply>(count).fill(kept));
    const uploads = [...uploadsOf(40, 'dog'), ...uploadsOf(3, 'cat')];
    line.add(uploads);
    await isIdle;
    expect(states(uploads)).to.deep.equal(['kept']);
    expect(Math.max(...asked.map(({ count }) => count))).to.be.at.most(32);
    expect(asked.reduce((sum, { count }) => sum + count, 0)).to.equal(43);
    expect(asked.at(-1)).to.deep.equal({ label: 'cat', count: 3 });
  });

  it('keeps requests small enough for slow lines, and sends a large picture alone', async () => {
    const { line, asked, isIdle } = lineOf((_, count) => Array<PictureReply>(count).fill(kept));
    line.add([...uploadsOf(2, 'dog', 5 * 2 ** 20), ...uploadsOf(1, 'dog', 9 * 2 ** 20)]);
    await isIdle;
    expect(asked.map(({ count }) => count)).to.deep.equal([1, 1, 1]);
  });

  it('goes on after a broken connection, with longer pauses, and sends what was lost again', async () => {
    let failures = 3;
    const { line, pauses, isIdle } = lineOf((_, count) => {
      if (failures-- > 0) throw error('no-connection');
      return Array<PictureReply>(count).fill(kept);
    });
    const uploads = uploadsOf(5);
    line.add(uploads);
    await isIdle;
    expect(states(uploads)).to.deep.equal(['kept']);
    expect(pauses).to.deep.equal([1_000, 2_000, 4_000]);
  });

  it('gives up after a while, and can be told to try again', async () => {
    const { line, asked, isIdle } = lineOf(() => {
      throw error('upstream-failed');
    });
    const uploads = uploadsOf(2);
    line.add(uploads);
    await isIdle;
    expect(asked).to.have.length(6);
    expect(uploads.map(({ state }) => describeState(state))).to.deep.equal(
      Array(2).fill('not sent: It is upstream-failed.'),
    );
    expect(summary(uploads)).to.equal('2 of 2 done: 2 not sent');
  });

  it('sends again what there was no time for, and what the answer does not name', async () => {
    let isFirst = true;
    const { line, asked, isIdle } = lineOf((_, count) => {
      if (!isFirst) return Array<PictureReply>(count).fill(kept);
      isFirst = false;
      return [kept, { status: 'not done, send again', problem: undefined }];
    });
    const uploads = uploadsOf(3);
    line.add(uploads);
    await isIdle;
    expect(asked.map(({ count }) => count)).to.deep.equal([3, 2]);
    expect(states(uploads)).to.deep.equal(['kept']);
  });

  it('says why a picture was refused, and does not send it again', async () => {
    const problem = { code: 'unsupported-image', title: 'No', detail: 'Expected a picture.' };
    const { line, asked, isIdle } = lineOf(() => [
      kept,
      { status: 'failed', problem },
      { status: 'duplicate', problem: undefined },
    ]);
    const uploads = uploadsOf(3);
    line.add(uploads);
    await isIdle;
    expect(uploads.map(({ state }) => describeState(state))).to.deep.equal([
      'added',
      'refused: Expected a picture.',
      'there already',
    ]);
    expect(asked).to.have.length(1);
  });

  it('does not try again what will not do: a store that is full', async () => {
    const { line, asked, isIdle } = lineOf(() => {
      throw error('store-full');
    });
    const uploads = uploadsOf(1);
    line.add(uploads);
    await isIdle;
    expect(asked).to.have.length(1);
    expect(uploads[0]?.state).to.deep.include({ is: 'failed', isRepeatable: false });
  });

  it('stands still for a token that is not the right one, and goes on with another', async () => {
    let isRight = false;
    const { line, isIdle, stopsOf } = lineOf((_, count) => {
      if (!isRight) throw error('unauthorized');
      return Array<PictureReply>(count).fill(kept);
    });
    const uploads = uploadsOf(2);
    line.add(uploads);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([stopsOf(), ...states(uploads)]).to.deep.equal([1, 'waiting']);
    isRight = true;
    await line.resume();
    await isIdle;
    expect(states(uploads)).to.deep.equal(['kept']);
  });

  it('gives back what was not sent when it is cancelled, and takes more afterwards', async () => {
    const { line, isIdle } = lineOf((_, count) => Array<PictureReply>(count).fill(kept));
    const uploads = uploadsOf(20);
    line.add(uploads);
    expect(line.cancel()).to.have.length(20);
    const later = uploadsOf(1, 'cat');
    line.add(later);
    await isIdle;
    expect(states(later)).to.deep.equal(['kept']);
    expect(states(uploads)).to.deep.equal(['waiting']);
  });

  it('tells how far each picture of a request is', async () => {
    const seen: string[] = [];
    const { line, isIdle } = lineOf((_, count) => Array<PictureReply>(count).fill(kept));
    const uploads = uploadsOf(2);
    uploads[0]?.watch(() => seen.push(describeState(uploads[0]?.state ?? { is: 'waiting' })));
    line.add(uploads);
    await isIdle;
    expect(seen).to.deep.equal(['sending, 0\u202F%', 'being looked at', 'added']);
  });
});
