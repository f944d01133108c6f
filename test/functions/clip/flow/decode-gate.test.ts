import { expect } from 'chai';
import { DecodeGate, type Admission } from '../../../../functions/clip/flow/decode-gate.ts';
import { AppError } from '../../../../shared/core/errors.ts';

const FOREVER = { waitMs: Infinity };
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Enters, and notes in which order that succeeded. */
async function enterAll(gate: DecodeGate, pixels: readonly number[]) {
  const inside: number[] = [];
  const admissions = new Map<number, Admission>();
  for (const [index, size] of pixels.entries()) {
    void gate.enter(size, FOREVER).then((admission) => {
      inside.push(index);
      admissions.set(index, admission);
    });
  }
  await turn();
  return {
    inside,
    leave: async (index: number) => {
      admissions.get(index)?.leave();
      await turn();
    },
  };
}

describe('DecodeGate', () => {
  it('lets in as many as may be inside, and the next when one leaves', async () => {
    const { inside, leave } = await enterAll(new DecodeGate({ maxAtOnce: 2, maxPixels: 100 }), [1, 1, 1, 1]);
    expect(inside).to.deep.equal([0, 1]);
    await leave(0);
    expect(inside).to.deep.equal([0, 1, 2]);
    await leave(1);
    await leave(2);
    expect(inside).to.deep.equal([0, 1, 2, 3]);
  });

  it('counts pixels, and does not let small ones overtake a large one', async () => {
    const gate = new DecodeGate({ maxAtOnce: 9, maxPixels: 100 });
    const { inside, leave } = await enterAll(gate, [60, 50, 10]);
    expect(inside).to.deep.equal([0]);
    expect(gate.waiting).to.equal(2);
    await leave(0);
    expect(inside).to.deep.equal([0, 1, 2]);
    expect(gate.pixels).to.equal(60);
  });

  it('lets a picture over the bound in, alone', async () => {
    const { inside, leave } = await enterAll(new DecodeGate({ maxAtOnce: 9, maxPixels: 100 }), [1, 500, 1]);
    expect(inside).to.deep.equal([0]);
    await leave(0);
    expect(inside).to.deep.equal([0, 1]);
    await leave(1);
    expect(inside).to.deep.equal([0, 1, 2]);
  });

  it('refuses who waited too long, and lets in those behind', async () => {
    const gate = new DecodeGate({ maxAtOnce: 9, maxPixels: 100 });
    await gate.enter(60, FOREVER);
    const large = gate.enter(90, { waitMs: 5 }).catch((error: unknown) => error);
    const small = gate.enter(10, FOREVER);
    expect(await large)
      .to.be.an.instanceOf(AppError)
      .with.property('code', 'busy');
    expect((await small).queueMs).to.be.at.least(0);
    expect(gate.pixels).to.equal(70);
  });

  it('forgets who left', async () => {
    const gate = new DecodeGate({ maxAtOnce: 1, maxPixels: 100 });
    const first = await gate.enter(1, FOREVER);
    const leaving = new AbortController();
    const second = gate
      .enter(1, { waitMs: Infinity, signal: leaving.signal })
      .catch((error: unknown) => error);
    leaving.abort();
    expect(await second).to.be.an.instanceOf(AppError);
    first.leave();
    expect(gate.pixels).to.equal(0);
  });
});
