import { expect } from 'chai';
import { parseConfig } from '../../../functions/clip/config.ts';

describe('clip: parseConfig', () => {
  it('has the documented defaults', () => {
    expect(parseConfig({})).to.deep.include({
      modelsDir: 'models',
      modelId: '',
      maxUploadBytes: 10 * 2 ** 20,
      maxRequestBytes: 16 * 2 ** 20,
      maxImagePixels: 64_000_000,
      maxJpegPixels: 256_000_000,
      decodeTimeoutMs: 5_000,
      queueWaitMs: 4_000,
      maxBytesInFlight: 64 * 2 ** 20,
      corsOrigins: [],
    });
  });

  it('reads units and lists', () => {
    const config = parseConfig({
      max_upload_bytes: '2MiB',
      queue_wait: '500ms',
      cors_origins: 'https://a, https://b',
    });
    expect(config).to.deep.include({
      maxUploadBytes: 2 * 2 ** 20,
      queueWaitMs: 500,
      corsOrigins: ['https://a', 'https://b'],
    });
  });

  it('cannot be changed', () => {
    expect(parseConfig({})).to.be.frozen;
  });

  it('names every malformed setting at once, and falls back for none', () => {
    expect(() => parseConfig({ max_queue: 'many', queue_wait: '4', max_batch: '0', cache_bytes: '-1' }))
      .to.throw(/max_queue.*"many"/)
      .with.property('message')
      .that.contains('queue_wait')
      .and.contains('max_batch')
      .and.contains('cache_bytes');
  });

  it('refuses a picture larger than all bodies may be together', () => {
    expect(() => parseConfig({ max_bytes_in_flight: '2MiB' })).to.throw(
      'Expected max_upload_bytes (10MiB) to be at most max_bytes_in_flight (2MiB).',
    );
    expect(() => parseConfig({ max_bytes_in_flight: '2MiB', max_upload_bytes: '2MiB' })).to.not.throw();
  });
});
