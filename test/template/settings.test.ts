import { expect } from 'chai';
import { parseServerSettings } from '../../template/typescript/server/settings.ts';

describe('settings of the server', () => {
  it('have defaults', () => {
    expect(parseServerSettings({})).to.deep.equal({
      host: '127.0.0.1',
      port: 3000,
      maxRequestBytes: 16 * 2 ** 20,
      loadWaitMs: 8_000,
      readTimeoutMs: 30_000,
      execTimeoutMs: 30_000,
      writeTimeoutMs: 30_000,
      healthcheckIntervalMs: 0,
      readyPath: undefined,
      announcesHealth: false,
      logLevel: 'info',
    });
  });

  it('are read with their units, and PORT is not one of them', () => {
    const settings = parseServerSettings({
      http_port: '0',
      max_request_bytes: '1.5MiB',
      load_wait: '500ms',
      write_timeout: '1m',
      ready_path: '/ready',
      PORT: '8080',
    });
    expect(settings).to.include({ port: 0, maxRequestBytes: 1_572_864, loadWaitMs: 500 });
    expect(settings).to.include({ writeTimeoutMs: 60_000, readyPath: '/ready' });
  });

  it('count as absent when empty', () => {
    expect(parseServerSettings({ http_port: ' ', ready_path: '' })).to.deep.equal(parseServerSettings({}));
  });

  for (const [name, value] of [
    ['http_port', '70000'],
    ['http_port', '-1'],
    ['max_request_bytes', '16MB'],
    ['load_wait', '8'.repeat(20)],
    ['write_timeout', '10 parsecs'],
    ['log_level', 'loud'],
  ] as const) {
    it(`refuse ${name}=${value.slice(0, 12)}`, () => {
      expect(() => parseServerSettings({ [name]: value })).to.throw(`${name}="${value}"`);
    });
  }

  it('are refused together', () => {
    const parse = (): unknown => parseServerSettings({ http_port: 'x', load_wait: 'y' });
    expect(parse).to.throw('http_port="x", load_wait="y"');
  });
});
