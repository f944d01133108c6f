import { expect } from 'chai';

import { adviceFor, isAboutFile, isWorthRepeating } from '../../../../functions/frontend/view/advice.ts';

describe('advice', () => {
  it('names the next step where a problem says only what happened', () => {
    expect(adviceFor('unsupported-image')).to.match(/JPEG or PNG/);
    expect(adviceFor('internal')).to.match(/call id/);
  });

  it('is silent where the problem says it itself', () => {
    expect(adviceFor('upstream-failed')).to.equal('');
    expect(adviceFor('never heard of')).to.equal('');
  });

  it('tells what may succeed later from what never will', () => {
    expect(isWorthRepeating('busy')).to.equal(true);
    expect(isWorthRepeating('unsupported-image')).to.equal(false);
  });

  it('tells files that are at fault themselves from questions and services that are', () => {
    expect(isAboutFile('undecodable-image')).to.equal(true);
    expect(isAboutFile('bad-request')).to.equal(false);
    expect(isAboutFile('busy')).to.equal(false);
  });
});
