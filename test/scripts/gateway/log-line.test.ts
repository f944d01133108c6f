import { expect } from 'chai';
import { OWN_CALL_ID } from '../../../scripts/gateway/announcement.ts';
import { readableLine } from '../../../scripts/gateway/log-line.ts';

describe('readableLine', () => {
  const line = (fields: object): string | undefined => readableLine('clip', JSON.stringify(fields));

  it('makes one short line of a request', () => {
    const request = {
      level: 'info',
      msg: 'request',
      method: 'POST',
      path: '/',
      status: 200,
      durationMs: 34.5,
    };
    expect(line({ ...request, callId: 'c1' })).to.equal('clip  POST / 200 34.5 ms  c1');
  });

  it('shows an error with its call id and stack', () => {
    const err = { message: 'no', stack: 'Error: no\n    at decode' };
    expect(line({ level: 'error', msg: 'The function failed', callId: 'c1', err })).to.equal(
      'clip  ERROR The function failed  c1  Error: no\n    at decode',
    );
    expect(line({ level: 'warn', msg: 'slow' })).to.equal('clip  WARN slow');
  });

  it('leaves out what need not be read', () => {
    expect(line({ level: 'info', msg: 'listening', port: 3 })).to.equal(undefined);
    expect(line({ level: 'debug', msg: 'anything' })).to.equal(undefined);
    expect(line({ level: 'info', msg: 'request', callId: OWN_CALL_ID })).to.equal(undefined);
    expect(line({ level: 'info', msg: 'Model loaded' })).to.equal('clip  Model loaded');
  });

  it('keeps what is no JSON, or only looks like it', () => {
    expect(readableLine('clip', 'Segmentation fault')).to.equal('clip  Segmentation fault');
    expect(readableLine('clip', '{ not json')).to.equal('clip  { not json');
  });
});
