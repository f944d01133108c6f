import { expect } from 'chai';
import { platformWarning, runningText } from '../../../scripts/gateway/announcement.ts';

describe('what npm start prints', () => {
  it('names every function and the page to open', () => {
    expect(runningText('http://127.0.0.1:8080', ['frontend', 'clip'])).to.equal(
      [
        'Running:',
        '  frontend  http://127.0.0.1:8080/function/frontend',
        '  clip      http://127.0.0.1:8080/function/clip',
        'Open http://127.0.0.1:8080/function/frontend/ in a browser.',
        'Ctrl-C stops all of it.',
      ].join('\n'),
    );
  });

  it('says nothing of a page where there is none', () => {
    expect(runningText('http://127.0.0.1:1', ['clip'])).not.to.contain('browser');
  });

  it('warns on Intel Macs alone', () => {
    expect(platformWarning('darwin', 'x64')).to.contain('Intel Macs');
    expect(platformWarning('darwin', 'arm64')).to.equal(undefined);
    expect(platformWarning('linux', 'x64')).to.equal(undefined);
  });
});
