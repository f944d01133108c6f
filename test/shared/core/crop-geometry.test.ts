import { expect } from 'chai';
import fc from 'fast-check';
import { cropGeometry } from '../../../shared/core/crop-geometry.ts';

const CLIP = { shortestEdge: 224, cropSize: 224 };

describe('cropGeometry', () => {
  it('gives the worked example: the longer side is rounded down', () => {
    expect(cropGeometry({ width: 640, height: 480 }, CLIP)).to.deep.equal({
      width: 298,
      height: 224,
      left: 37,
      top: 0,
    });
    expect(cropGeometry({ width: 480, height: 640 }, CLIP)).to.deep.equal({
      width: 224,
      height: 298,
      left: 0,
      top: 37,
    });
  });

  it('cuts the crop out of the middle of a larger picture', () => {
    const geometry = cropGeometry({ width: 100, height: 100 }, { shortestEdge: 256, cropSize: 224 });
    expect(geometry).to.deep.equal({ width: 256, height: 256, left: 16, top: 16 });
  });

  it('goes half a pixel to the upper left where the rest is odd', () => {
    expect(cropGeometry({ width: 225, height: 224 }, CLIP).left).to.equal(0);
    expect(cropGeometry({ width: 227, height: 224 }, CLIP).left).to.equal(1);
  });

  it('has the crop inside the picture, whatever its size', () => {
    const side = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 64 }), (width, height, margin) => {
        const sizes = { shortestEdge: 224 + margin, cropSize: 224 };
        const { left, top, ...resized } = cropGeometry({ width, height }, sizes);
        expect(Math.min(resized.width, resized.height)).to.equal(sizes.shortestEdge);
        expect(left).to.be.within(0, resized.width - 224);
        expect(top).to.be.within(0, resized.height - 224);
      }),
    );
  });
});
