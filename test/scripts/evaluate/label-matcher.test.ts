import { expect } from 'chai';
import { LabelMatcher, truthOfFolder, type Truth } from '../../../scripts/evaluate/label-matcher.ts';
import type { HeadLabel } from '../../../shared/core/head.ts';

const IMAGENET: HeadLabel[] = [
  { label: 'crane (bird)', wnid: 'n02012849', index: 134 },
  { label: 'crane (machine)', wnid: 'n03126707', index: 517 },
  { label: 'Cardigan', wnid: 'n02113186', index: 264 },
  { label: 'cardigan', wnid: 'n02963159', index: 474 },
];
const PLAIN: HeadLabel[] = [{ label: 'apple' }, { label: 'aquarium fish' }, { label: '7' }];

describe('LabelMatcher', () => {
  const imagenet = new LabelMatcher({ labels: IMAGENET });
  const plain = new LabelMatcher({ labels: PLAIN });

  const matches: [string, LabelMatcher, Truth, number | undefined][] = [
    ['a wnid', imagenet, { wnid: 'n03126707' }, 1],
    ['a wnid before the name', imagenet, { wnid: 'n03126707', label: 'crane (bird)' }, 1],
    ['an index of the data set', imagenet, { index: 517, label: 'crane' }, 1],
    ['a name in its own case', imagenet, { label: 'cardigan' }, 3],
    ['a name that two labels share', imagenet, { label: 'crane' }, undefined],
    ['an index that the labels do not have', imagenet, { index: 2 }, undefined],
    ['a name with _ for a space', plain, { label: 'aquarium_fish' }, 1],
    ['a name in another case', plain, { label: 'Apple' }, 0],
    ['a position, where there is nothing else', plain, { index: 1 }, 1],
    ['a position that is none', plain, { index: 3 }, undefined],
    ['an index beside a name that is unknown', plain, { index: 1, label: 'unicorn' }, undefined],
    ['an index beside a wnid that is unknown', plain, { index: 1, wnid: 'n03126707' }, undefined],
    ['another data set’s index beside a name', plain, { index: 0, label: 'aquarium fish' }, 1],
  ];
  for (const [what, matcher, truth, position] of matches) {
    it(`${position === undefined ? 'does not match' : 'matches'} ${what}`, () => {
      expect(matcher.positionOf(truth)).to.equal(position);
    });
  }
});

describe('truthOfFolder', () => {
  const folders: [string, Truth][] = [
    ['aquarium_fish', { label: 'aquarium_fish' }],
    ['n02085620', { wnid: 'n02085620' }],
    ['n02085620-Chihuahua', { wnid: 'n02085620', label: 'Chihuahua' }],
    ['17', { index: 17 }],
    ['n123', { label: 'n123' }],
  ];
  for (const [name, truth] of folders)
    it(`reads ${name}`, () => expect(truthOfFolder(name)).to.deep.equal(truth));
});
