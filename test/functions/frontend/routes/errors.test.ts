import { expect } from 'chai';
import { respondError } from '../../../../functions/frontend/routes/errors.ts';
import type { PageFrame } from '../../../../functions/frontend/pages/layout.ts';
import { AppError } from '../../../../shared/core/errors.ts';
import { RecordedLog } from '../../../fixtures/recorded-log.ts';

const request = new Request('http://frontend/', { headers: { 'X-Call-Id': 'call-1' } });

describe('errors of the frontend', () => {
  /** JSON is asked for: the frame of a page is not looked at. */
  const context = () => ({ frame: {} as PageFrame, log: new RecordedLog() });

  it('log a bug under `err`, the one name that the log writes with its stack, and tell the caller the call id alone', async () => {
    const known = context();
    const bug = new TypeError('what nobody foresaw');
    const response = respondError(request, bug, known);
    expect(known.log.lines.map(({ level, fields }) => ({ level, fields }))).to.deep.equal([
      { level: 'error', fields: { callId: 'call-1', err: bug } },
    ]);
    expect(response.status).to.equal(500);
    const text = await response.text();
    expect(text).to.contain('call-1').and.not.contain('foresaw');
  });

  it('log nothing where the caller was told everything', () => {
    const known = context();
    expect(respondError(request, new AppError('bad-request', 'No.'), known).status).to.equal(400);
    expect(known.log.lines).to.deep.equal([]);
  });

  it('log why clip could not be asked', () => {
    const known = context();
    respondError(request, new AppError('upstream-failed', 'Away.', { cause: 'ECONNREFUSED' }), known);
    expect(known.log.lines[0]).to.deep.include({ level: 'warn', message: 'Away.' });
    expect(known.log.lines[0]?.fields).to.include({ callId: 'call-1', cause: 'ECONNREFUSED' });
  });

  it('log the cause of the cause, which names the address', () => {
    const known = context();
    const cause = new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND nosuch') });
    respondError(request, new AppError('upstream-failed', 'Away.', { cause }), known);
    expect(known.log.lines[0]?.fields).to.include({
      cause: 'TypeError: fetch failed: Error: getaddrinfo ENOTFOUND nosuch',
    });
  });

  it('log each address that was tried of a name that has several', () => {
    const known = context();
    const tried = new AggregateError([new Error('connect ECONNREFUSED ::1:8080'), new Error('ENETUNREACH')]);
    const cause = new TypeError('fetch failed', { cause: tried });
    respondError(request, new AppError('upstream-failed', 'Away.', { cause }), known);
    expect(known.log.lines[0]?.fields).to.include({
      cause:
        'TypeError: fetch failed: AggregateError: Error: connect ECONNREFUSED ::1:8080, Error: ENETUNREACH',
    });
  });
});
