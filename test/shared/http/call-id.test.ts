import { expect } from 'chai';
import { callIdOf } from '../../../shared/http/call-id.ts';

const withId = (id: string) => new Request('http://h/', { headers: { 'X-Call-Id': id } });

describe('callIdOf', () => {
  it("keeps a caller's id", () => {
    expect(callIdOf(withId('batch-7:photo.12_a'))).to.equal('batch-7:photo.12_a');
  });

  it('makes an id where there is none, and the same one each time it is asked', () => {
    const request = new Request('http://h/');
    const id = callIdOf(request);
    expect(id).to.match(/^[\w-]{36}$/);
    expect(callIdOf(request)).to.equal(id);
    expect(callIdOf(new Request('http://h/'))).to.not.equal(id);
  });

  for (const bad of ['', 'two words', 'a"b', '<b>', 'x'.repeat(129), 'ünder']) {
    it(`replaces ${JSON.stringify(bad.slice(0, 12))}, which could break a log line or a header`, () => {
      expect(callIdOf(withId(bad))).to.match(/^[\w-]{36}$/);
    });
  }

  it('keeps an id of exactly 128 characters', () => {
    expect(callIdOf(withId('x'.repeat(128)))).to.equal('x'.repeat(128));
  });
});
