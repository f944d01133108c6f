import { expect } from 'chai';

import { parseConfig } from '../../../functions/frontend/config.ts';

describe('frontend settings', () => {
  it('have defaults for a cluster', () => {
    expect(parseConfig({})).to.deep.equal({
      gatewayUrl: 'http://gateway.openfaas.svc.cluster.local:8080',
      publicPath: '/function/frontend/',
      clipTimeoutMs: 12_000,
      maxUploadBytes: 10 * 2 ** 20,
      maxRequestBytes: 16 * 2 ** 20,
      maxBytesInFlight: 24 * 2 ** 20,
    });
  });

  it('give the public path its slash', () => {
    expect(parseConfig({ public_path: '/function/frontend.dev' }).publicPath).to.equal(
      '/function/frontend.dev/',
    );
    expect(parseConfig({ public_path: '/' }).publicPath).to.equal('/');
  });

  for (const path of ['https://evil.example/', '//evil.example/', 'function/', '/a b/', '/a"/']) {
    it(`refuse ${path} as a public path`, () => {
      expect(() => parseConfig({ public_path: path })).to.throw(/for public_path but received/);
    });
  }

  it('report every malformed value together', () => {
    expect(() =>
      parseConfig({ gateway_url: 'gateway', clip_timeout: '12', max_upload_bytes: '-1' }),
    ).to.throw(/gateway_url.*clip_timeout.*max_upload_bytes/);
  });

  it('refuse a picture larger than all bodies may be together', () => {
    expect(() => parseConfig({ max_bytes_in_flight: '9MiB' })).to.throw(
      'Expected max_upload_bytes (10MiB) to be at most max_bytes_in_flight (9MiB).',
    );
  });
});
