import { expect } from 'chai';
import fc from 'fast-check';

import {
  byteCount,
  count,
  duration,
  milliseconds,
  percent,
  shortHash,
  similarity,
  sizeLimit,
} from '../../../../functions/frontend/view/figures.ts';

const plain = (text: string): string => text.replaceAll('\u202F', ' ');

describe('figures', () => {
  const scores: [number, string][] = [
    [0.8123, '81.2 %'],
    [1, '> 99.9 %'],
    [0.99951, '> 99.9 %'],
    [0.9994, '99.9 %'],
    [0.0005, '0.1 %'],
    [0.0004, '< 0.1 %'],
    [0, '< 0.1 %'],
    [NaN, '< 0.1 %'],
  ];
  for (const [score, text] of scores) {
    it(`a score of ${score} reads ${text}`, () => {
      expect(plain(percent(score))).to.equal(text);
    });
  }

  it('a limit is called by its round name', () => {
    expect([512, 10 * 2 ** 20, 2.5 * 2 ** 20].map((bytes) => plain(sizeLimit(bytes)))).to.deep.equal([
      '512 B',
      '10 MB',
      '2 MB',
    ]);
  });

  it('a score never reads 0.0 or 100', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (score) => {
        expect(plain(percent(score))).to.match(/^(< 0\.1|> 99\.9|\d{1,2}\.\d) %$/);
        expect(plain(percent(score))).not.to.equal('0.0 %');
      }),
    );
  });

  it('similarities have three decimals and a true minus', () => {
    expect(similarity(0.31274)).to.equal('0.313');
    expect(similarity(-0.0417)).to.equal('−0.042');
  });

  it('bytes come in the unit that fits', () => {
    expect([999, 412_345, 999_600, 4_100_000].map((bytes) => plain(byteCount(bytes)))).to.deep.equal([
      '999 B',
      '412 kB',
      '1.0 MB',
      '4.1 MB',
    ]);
  });

  it('costs are rounded, and never nothing', () => {
    expect([0.01, 4.81, 25.4].map((ms) => plain(milliseconds(ms)))).to.deep.equal([
      '< 0.1 ms',
      '4.8 ms',
      '25 ms',
    ]);
  });

  it('bytes have the unit that fits', () => {
    expect(plain(byteCount(999_949_999))).to.equal('999.9 MB');
    expect(plain(byteCount(999_950_000))).to.equal('1.0 GB');
  });

  it('counts stand in groups of three', () => {
    const texts = [0, 999, 1_000, 12_345, 1_234_567].map((value) => plain(count(value)));
    expect(texts).to.deep.equal(['0', '999', '1,000', '12,345', '1,234,567']);
  });

  for (const [seconds, text] of [
    [-1, '0 s'],
    [0.9, '0 s'],
    [59.9, '59 s'],
    [60, '1 min'],
    [7_512, '2 h 5 min'],
    [86_400, '1 d'],
    [86_400 + 59, '1 d'],
    [90 * 86_400 + 3_600, '90 d 1 h'],
  ] as const) {
    it(`a span of ${seconds} s reads ${text}`, () => {
      expect(plain(duration(seconds))).to.equal(text);
    });
  }

  it('hashes are cut to what tells them apart', () => {
    expect(shortHash('sha256:0123456789abcdef')).to.equal('01234567');
    expect(shortHash('')).to.equal('');
  });
});
