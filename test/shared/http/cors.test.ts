import { expect } from 'chai';
import { corsHeaders } from '../../../shared/http/cors.ts';

const from = (origin?: string) =>
  new Request('http://h/', origin === undefined ? {} : { headers: { Origin: origin } });
const ALLOWED = ['https://a.example'];

describe('corsHeaders', () => {
  it('is off by default', () => {
    expect(corsHeaders(from('https://a.example'), [])).to.deep.equal({});
  });

  it('lets in an origin that is listed', () => {
    const headers = corsHeaders(from('https://a.example'), ALLOWED);
    expect(headers).to.include({ 'Access-Control-Allow-Origin': 'https://a.example', Vary: 'Origin' });
    expect(headers).to.not.have.property('Access-Control-Allow-Methods');
  });

  it('answers a preflight with the methods of the route', () => {
    const headers = corsHeaders(from('https://a.example'), ALLOWED, ['GET', 'OPTIONS']);
    expect(headers['Access-Control-Allow-Methods']).to.equal('GET, OPTIONS');
    expect(headers['Access-Control-Allow-Headers']).to.contain('Content-Type');
  });

  for (const origin of [undefined, 'https://b.example', 'http://a.example', 'https://a.example.b', 'null']) {
    it(`lets in nobody from ${origin ?? 'nowhere'}, and tells caches that it depends`, () => {
      expect(corsHeaders(from(origin), ALLOWED, ['GET'])).to.deep.equal({ Vary: 'Origin' });
    });
  }

  it('lets in everybody where that is set', () => {
    expect(corsHeaders(from('https://c.example'), ['*'])).to.include({
      'Access-Control-Allow-Origin': 'https://c.example',
    });
  });
});
