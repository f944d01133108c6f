import { expect } from 'chai';
import { folderOf, picturesOf } from '../../../../functions/frontend/browser/train/folder-labels.ts';

const chosen = (name: string, type = '') => ({ file: new File(['x'], name, { type }), folder: 'a' });

describe('files of folders', () => {
  it('are labelled by the folder that they lie in themselves', () => {
    expect(['pets/beagle/1.jpg', 'boxer/2.jpg', '3.jpg'].map(folderOf)).to.deep.equal([
      'beagle',
      'boxer',
      '',
    ]);
  });

  it('are left out where they are no pictures', () => {
    const all = [
      chosen('1.jpg'),
      chosen('2', 'image/png'),
      chosen('3.HEIC'),
      chosen('labels.csv', 'text/csv'),
      chosen('.DS_Store'),
      chosen('._1.jpg', 'image/jpeg'),
    ];
    expect(picturesOf(all).map(({ file }) => file.name)).to.deep.equal(['1.jpg', '2', '3.HEIC']);
  });
});
