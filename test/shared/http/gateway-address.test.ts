import { expect } from 'chai';
import { gatewayAddress } from '../../../shared/http/gateway-address.ts';

describe('gatewayAddress', () => {
  const addressOf = (headers: Record<string, string>): string =>
    gatewayAddress(new Request('http://clip.openfaas-fn:8080/', { headers }));

  it('is what the caller asked for, not where the function listens', () => {
    expect(addressOf({ 'X-Forwarded-Host': '192.168.1.7:18080', 'X-Forwarded-Proto': 'http' })).to.equal(
      'http://192.168.1.7:18080',
    );
    expect(addressOf({ 'X-Forwarded-Host': 'gw.example.com' })).to.equal('http://gw.example.com');
    expect(addressOf({ 'X-Forwarded-Host': '[::1]:8080' })).to.equal('http://[::1]:8080');
  });

  it('is the first of several proxies', () => {
    const headers = {
      'X-Forwarded-Host': 'gw.example.com, gateway:8080',
      'X-Forwarded-Proto': 'https, http',
    };
    expect(addressOf(headers)).to.equal('https://gw.example.com');
  });

  it('is the address on one machine where nothing, or nothing that is a host, was passed on', () => {
    expect(addressOf({})).to.equal('http://127.0.0.1:8080');
    for (const host of ['', 'a b', "x'; rm -rf ~ #", 'a/b', 'a@b', '$(id)', 'a:port', 'a'.repeat(300)]) {
      expect(addressOf({ 'X-Forwarded-Host': host }), host).to.equal('http://127.0.0.1:8080');
    }
  });

  it('knows no scheme but http and https', () => {
    const headers = { 'X-Forwarded-Host': 'gw', 'X-Forwarded-Proto': 'javascript' };
    expect(addressOf(headers)).to.equal('http://gw');
  });
});
