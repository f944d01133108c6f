import { expect } from 'chai';

import { BytesInFlight } from '../../../functions/frontend/bytes-in-flight.ts';
import { AppError } from '../../../shared/core/errors.ts';

describe('BytesInFlight', () => {
  it('counts all requests together and refuses what is too much', () => {
    const budget = new BytesInFlight(100);
    const [first, second] = [budget.open(), budget.open()];
    first.add(60);
    second.add(40);
    expect(() => second.add(1))
      .to.throw(AppError)
      .that.includes({ code: 'busy', retryAfterSeconds: 1 });
    expect(budget.total).to.equal(100);
  });

  it('gets back what a request held, once', () => {
    const budget = new BytesInFlight(100);
    const [first, second] = [budget.open(), budget.open()];
    first.add(60);
    second.add(30);
    first.release();
    first.release();
    expect(budget.total).to.equal(30);
    second.add(70);
    second.release();
    expect(budget.total).to.equal(0);
  });
});
