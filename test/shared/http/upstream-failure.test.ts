import { expect } from 'chai';
import fc from 'fast-check';

import { failureOf, type FailedReply } from '../../../shared/http/upstream-failure.ts';
import { problemOf } from '../../../shared/http/problem.ts';

const reply = (more: Partial<FailedReply>): FailedReply => ({
  status: 502,
  contentType: '',
  text: '',
  retryAfterSeconds: undefined,
  ...more,
});
const problem = (members: object): Partial<FailedReply> => ({
  contentType: 'application/problem+json; charset=utf-8',
  text: JSON.stringify(members),
});

describe('failureOf', () => {
  it('keeps what the reply said for the log, and out of the message', () => {
    const error = failureOf(reply({ status: 500, text: 'panic: at /srv/secret.go:7' }));
    expect(String(error.cause)).to.equal('upstream status 500: panic: at /srv/secret.go:7');
    expect(error.message).not.to.contain('secret');
  });

  it('says when to come back, as the reply did or as is sensible', () => {
    expect(failureOf(reply({ status: 429, retryAfterSeconds: 7 })).retryAfterSeconds).to.equal(7);
    expect(failureOf(reply({ status: 429 })).retryAfterSeconds).to.equal(1);
    expect(failureOf(reply({ status: 503 })).retryAfterSeconds).to.equal(5);
    expect(failureOf(reply({ status: 502 })).retryAfterSeconds).to.equal(undefined);
  });

  it("carries a problem's fields on, those that are fields", () => {
    const errors = [{ field: 'top', message: 'Bad.' }, { field: 1, message: 'x' }, null, 'y'];
    const error = failureOf(
      reply({ status: 400, ...problem({ code: 'bad-request', detail: 'Bad.', errors }) }),
    );
    expect(error.fields).to.deep.equal([{ field: 'top', message: 'Bad.' }]);
  });

  it('says in words what took too long to send, or is too long to ask', () => {
    const slow = problem({ code: 'request-timeout', detail: 'Expected the whole request sooner.' });
    expect(failureOf(reply({ status: 408, ...slow })).message).to.equal('Expected the whole request sooner.');
    expect(failureOf(reply({ status: 408 }))).to.include({ code: 'request-timeout' });
    for (const status of [414, 431]) {
      const error = failureOf(reply({ status }));
      expect(error.code).to.equal('bad-request');
      expect(error.message).to.match(/question is longer.*fewer or shorter words/);
    }
  });

  it('takes a problem of a kind that it does not know by its status', () => {
    for (const members of [{ code: 'teapot', detail: 'x' }, { code: 'busy' }, { detail: 'x' }, [], null]) {
      expect(failureOf(reply({ status: 504, ...problem(members ?? {}) })).code).to.equal('upstream-timeout');
    }
  });

  it('does not pass on a failure that lies further behind as if it were its own', () => {
    const error = failureOf(reply({ status: 502, ...problem({ code: 'upstream-failed', detail: 'store' }) }));
    expect(error.message).not.to.contain('store');
  });

  it('makes of any reply an error that says something and has a status for it', () => {
    const replies = fc.record({
      status: fc.integer({ min: 300, max: 599 }),
      contentType: fc.constantFrom('', 'text/plain', 'application/problem+json'),
      text: fc.oneof(fc.string(), fc.json()),
      retryAfterSeconds: fc.option(fc.nat(100), { nil: undefined }),
    });
    fc.assert(
      fc.property(replies, (failed) => {
        const { status, detail } = problemOf(failureOf(failed));
        expect(status).to.be.within(400, 599);
        expect(detail.length).to.be.greaterThan(20);
      }),
    );
  });
});
