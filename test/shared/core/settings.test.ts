import { expect } from 'chai';
import fc from 'fast-check';
import { SettingsReader, type Environment } from '../../../shared/core/settings.ts';

const RANGE = { default: 64, min: 1, max: 10_000 };
const BYTES = { default: 10 * 2 ** 20, min: 1024, max: 2 ** 40 };
const DURATION = { default: 4000, min: 1, max: 86_400_000 };

describe('SettingsReader', () => {
  it('gives the default where nothing, or nothing but blanks, is set', () => {
    for (const env of [{}, { x: '' }, { x: '  ' }]) {
      const read = new SettingsReader(env);
      expect(read.text('x', 'none')).to.equal('none');
      expect(read.integer('x', RANGE)).to.equal(64);
      expect(read.bytes('x', BYTES)).to.equal(10_485_760);
      expect(read.durationMs('x', DURATION)).to.equal(4000);
      expect(read.boolean('x', true)).to.equal(true);
      expect(read.list('x')).to.deep.equal([]);
      expect(read.url('x', 'http://gateway:8080/')).to.equal('http://gateway:8080');
      read.check();
    }
  });

  it('reads each kind in the form that people write', () => {
    const read = new SettingsReader({
      size: '10MiB',
      plain: '4096',
      half: '1.5 GiB',
      wait: '500ms',
      hour: '1h',
      list: ' a, b ,,c ',
      flag: 'false',
      url: 'https://example.org/gateway///',
    });
    expect(read.bytes('size', BYTES)).to.equal(10 * 2 ** 20);
    expect(read.bytes('plain', BYTES)).to.equal(4096);
    expect(read.bytes('half', BYTES)).to.equal(1.5 * 2 ** 30);
    expect(read.durationMs('wait', DURATION)).to.equal(500);
    expect(read.durationMs('hour', DURATION)).to.equal(3_600_000);
    expect(read.list('list')).to.deep.equal(['a', 'b', 'c']);
    expect(read.boolean('flag', true)).to.equal(false);
    expect(read.url('url', 'http://x')).to.equal('https://example.org/gateway');
    read.check();
  });

  it('reads origins as browsers send them, and nothing else', () => {
    const origins = (value: string) => {
      const read = new SettingsReader({ cors_origins: value });
      const found = read.origins('cors_origins');
      read.check();
      return found;
    };
    expect(origins('https://a.example, http://localhost:5173')).to.have.lengthOf(2);
    expect(origins('*')).to.deep.equal(['*']);
    for (const value of ['foo', 'https://a.example/', 'https://a.example/path', 'https://A.example']) {
      expect(() => origins(value), value).to.throw('Expected origins such as https://example.com');
    }
  });

  it('reports every malformed value together, and none of them as its default', () => {
    const read = new SettingsReader({ a: '10x', b: '1e3', c: 'yes', d: 'ftp://x', e: '10 MB', f: '99999' });
    read.bytes('a', BYTES);
    read.integer('b', RANGE);
    read.boolean('c', false);
    read.url('d', 'http://x');
    read.bytes('e', BYTES);
    read.integer('f', RANGE);
    const complain = () => read.check();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) expect(complain).to.throw(` for ${name} but received`);
    expect(complain).to.throw('Expected a whole number from 1 to 10000 for f but received "99999".');
  });

  it('writes the bounds as settings are written', () => {
    const read = new SettingsReader({ wait: '12', size: '1', none: '-1' });
    read.durationMs('wait', { default: 12_000, min: 100, max: 90_000 });
    read.bytes('size', { default: 2 ** 20, min: 1_024, max: 2 ** 30 });
    read.bytes('none', { default: 2 ** 20, min: 0, max: 1_500 });
    const complain = () => read.check();
    expect(complain).to.throw('a duration such as 10s from 100ms to 90s for wait but received "12".');
    expect(complain).to.throw('a size such as 10MiB from 1KiB to 1GiB for size but received "1".');
    expect(complain).to.throw('a size such as 10MiB from 0 to 1500 for none but received "-1".');
  });

  it('takes every whole number of the range and no other text', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), (number) => {
        expect(readOne({ x: String(number) }).value).to.equal(number);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        fc.pre(!/^\d{1,15}$/.test(text.trim()) && text.trim() !== '');
        expect(readOne({ x: text }).isRejected).to.equal(true);
      }),
    );
  });
});

function readOne(env: Environment): { value: number; isRejected: boolean } {
  const read = new SettingsReader(env);
  const value = read.integer('x', RANGE);
  try {
    read.check();
    return { value, isRejected: false };
  } catch {
    return { value, isRejected: true };
  }
}
