import { expect } from 'chai';

import { inlinePicture } from '../../../../functions/frontend/pages/inline-picture.ts';

describe('inlinePicture', () => {
  it('carries the bytes in its address', () => {
    expect(inlinePicture(new Uint8Array([1, 2, 3]), 'png')).to.equal('data:image/png;base64,AQID');
  });

  it('leaves out what browsers do not show, and what would not be an image at all', () => {
    for (const format of ['tiff', '', 'svg+xml', 'png"><script>']) {
      expect(inlinePicture(new Uint8Array([1]), format), format).to.equal(undefined);
    }
  });

  it('leaves out what would make the page slow to arrive', () => {
    expect(inlinePicture(new Uint8Array(2 * 2 ** 20), 'jpeg')).to.match(/^data:image\/jpeg/);
    expect(inlinePicture(new Uint8Array(2 * 2 ** 20 + 1), 'jpeg')).to.equal(undefined);
  });
});
