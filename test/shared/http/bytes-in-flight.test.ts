import { expect } from 'chai';
import { AppError } from '../../../shared/core/errors.ts';
import { BytesInFlight } from '../../../shared/http/bytes-in-flight.ts';

describe('BytesInFlight', () => {
  it('counts all requests together and refuses what is too much', () => {
    const budget = new BytesInFlight(100);
    const [first, second] = [budget.open(), budget.open()];
    first.admit(60);
    second.admit(40);
    expect(() => second.admit(1))
      .to.throw(AppError)
      .that.includes({ code: 'busy', retryAfterSeconds: 1 });
    expect(budget.bytes).to.equal(100);
  });

  it('gets back what a request held, once', () => {
    const budget = new BytesInFlight(100);
    const [first, second] = [budget.open(), budget.open()];
    first.admit(60);
    second.admit(30);
    first.release();
    first.release();
    expect(budget.bytes).to.equal(30);
    second.admit(70);
    second.release();
    expect(budget.bytes).to.equal(0);
  });
});
