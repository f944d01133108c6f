import { expect } from 'chai';
import { findComponents, unite } from '../../../../shared/core/digits/components.ts';
import type { Plane } from '../../../../shared/core/digits/plane.ts';

/** `#` for strong, `+` for weak, anything else for paper. */
function marks(...lines: readonly string[]): Plane {
  const strength = { '#': 1, '+': 0.4 } as const;
  const values = Array.from(lines.join(''), (sign) => (sign in strength ? strength[sign as '#'] : 0));
  return { width: lines[0]?.length ?? 0, height: lines.length, values: Float32Array.from(values) };
}

const THRESHOLDS = { strong: 0.5, weak: 0.3 };

describe('findComponents', () => {
  it('takes diagonal neighbours together, and what is apart apart', () => {
    const found = findComponents(marks('#..#', '.#.#', '....'), THRESHOLDS);
    expect(found.map(({ box }) => box)).to.deep.equal([
      { left: 0, top: 0, right: 2, bottom: 2 },
      { left: 3, top: 0, right: 4, bottom: 2 },
    ]);
    expect(found.map(({ pixels }) => [...pixels].sort((a, b) => a - b))).to.deep.equal([
      [0, 5],
      [3, 7],
    ]);
  });

  it('follows a stroke where it fades, and takes up nothing that is faint throughout', () => {
    const found = findComponents(marks('##++#', '.....', '.+++.'), THRESHOLDS);
    expect(found.map(({ pixels }) => pixels.length)).to.deep.equal([5]);
  });

  it('does not go on at the other border', () => {
    expect(findComponents(marks('...#', '#...'), THRESHOLDS)).to.have.length(2);
  });

  it('finds nothing on paper', () => {
    expect(findComponents(marks('....', '....'), THRESHOLDS)).to.deep.equal([]);
  });

  it('takes a picture full of ink as one', () => {
    const values = new Float32Array(90_000).fill(1);
    const [whole, ...others] = findComponents({ width: 300, height: 300, values }, THRESHOLDS);
    expect(whole?.pixels).to.have.length(90_000);
    expect(others).to.deep.equal([]);
  });

  it('unites boxes', () => {
    const [a, b] = [
      { left: 2, top: 3, right: 4, bottom: 9 },
      { left: 1, top: 5, right: 3, bottom: 10 },
    ];
    expect(unite(a, b)).to.deep.equal({ left: 1, top: 3, right: 4, bottom: 10 });
  });
});
