import { expect } from 'chai';
import { expectStatus, LeftOut, runChecks, type Check, type Outcome } from '../../../scripts/smoke/check.ts';

const well: Check = { title: 'first', look: (gateway) => Promise.resolve(gateway) };
const wrong: Check = {
  title: 'second',
  look: () => Promise.reject(new Error('no', { cause: new Error('refused') })),
};
const leftOut: Check = { title: 'third', look: () => Promise.reject(new LeftOut('not here')) };

describe('a run of checks', () => {
  it('goes through all of them, tells each as it comes, and takes the slash off the gateway', async () => {
    const told: Outcome[] = [];
    const outcomes = await runChecks([well, wrong, leftOut], 'http://g/', (outcome) => told.push(outcome));
    expect(outcomes).to.deep.equal([
      { title: 'first', result: 'well', note: 'http://g' },
      { title: 'second', result: 'wrong', note: 'no (refused)' },
      { title: 'third', result: 'left out', note: 'not here' },
    ]);
    expect(told).to.deep.equal(outcomes);
  });

  it('ends at a condition that does not hold, and goes on after one that does', async () => {
    const run = (checks: readonly Check[]) => runChecks(checks, 'http://g', () => undefined);
    expect(await run([{ ...wrong, isCondition: true }, well])).to.have.length(1);
    expect(await run([{ ...well, isCondition: true }, wrong, leftOut])).to.have.length(3);
  });

  it('says what came instead of a status', async () => {
    expect(await expectStatus(new Response('body'), 200)).to.equal('body');
    const refused = (response: Response) => expectStatus(response, 200, 201).catch(String);
    expect(await refused(new Response('gone', { status: 404 }))).to.equal(
      'Error: Expected 200 or 201 but received 404: gone',
    );
    expect(await refused(new Response('', { status: 502 }))).to.contain('no word about it');
  });
});
