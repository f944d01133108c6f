import { expect } from 'chai';
import fc from 'fast-check';
import { FormatError } from '../../../shared/core/format-error.ts';
import { parsePreprocessing, toTensor } from '../../../shared/core/preprocessing.ts';

/** As openai/clip-vit-base-patch32 has it, in the older form. */
const OPENAI = {
  crop_size: 224,
  do_center_crop: true,
  do_normalize: true,
  do_resize: true,
  feature_extractor_type: 'CLIPFeatureExtractor',
  image_mean: [0.48145466, 0.4578275, 0.40821073],
  image_std: [0.26862954, 0.26130258, 0.27577711],
  resample: 3,
  size: 224,
};

describe('parsePreprocessing', () => {
  it('reads the older form, with plain sizes', () => {
    expect(parsePreprocessing(OPENAI)).to.deep.equal({
      shortestEdge: 224,
      cropSize: 224,
      resample: 'bicubic',
      rescaleFactor: 1 / 255,
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
    });
  });

  it('reads the newer form, with named sides', () => {
    const json = { ...OPENAI, size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 } };
    const preprocessing = parsePreprocessing({ ...json, rescale_factor: 0.5, resample: 2 });
    expect(preprocessing).to.include({
      shortestEdge: 256,
      cropSize: 224,
      rescaleFactor: 0.5,
      resample: 'bilinear',
    });
  });

  it('knows the filters by the numbers of Pillow', () => {
    const names = [1, 2, 3].map((resample) => parsePreprocessing({ ...OPENAI, resample }).resample);
    expect(names).to.deep.equal(['lanczos', 'bilinear', 'bicubic']);
  });

  it('leaves out what is switched off', () => {
    const raw = parsePreprocessing({
      ...OPENAI,
      do_normalize: false,
      do_rescale: false,
      image_mean: undefined,
    });
    expect(raw).to.deep.include({ rescaleFactor: 1, mean: [0, 0, 0], std: [1, 1, 1] });
  });

  it('names every field that is wrong', () => {
    const json = {
      do_resize: 'yes',
      do_center_crop: false,
      size: { height: 224, width: 224 },
      crop_size: { height: 224, width: 112 },
      resample: 0,
      rescale_factor: -1,
      image_mean: [1, 2],
      image_std: [1, 'x', 1],
    };
    const fields = fieldsOf(json);
    expect(fields).to.include.members([
      'do_resize',
      'do_center_crop',
      'size.shortest_edge',
      'crop_size.width',
      'resample',
      'rescale_factor',
      'image_mean',
      'image_std[1]',
    ]);
  });

  it('refuses a crop that is larger than the picture, and a deviation of zero', () => {
    expect(fieldsOf({ ...OPENAI, crop_size: 256 })).to.deep.equal(['crop_size']);
    expect(fieldsOf({ ...OPENAI, image_std: [1, 0, 1] })).to.deep.equal(['image_std']);
  });

  it('either reads any JSON or says what is wrong with it', () => {
    const member = fc.oneof(fc.jsonValue(), fc.integer({ min: 1, max: 300 }));
    const config = fc.record(
      {
        size: member,
        crop_size: member,
        resample: member,
        image_mean: member,
        image_std: member,
        do_resize: member,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), config), (json) => {
        try {
          expect(parsePreprocessing(json).cropSize).to.be.within(1, 1024);
        } catch (error) {
          expect(error).to.be.instanceOf(FormatError);
        }
      }),
    );
  });
});

describe('toTensor', () => {
  const preprocessing = parsePreprocessing({
    ...OPENAI,
    size: 2,
    crop_size: 2,
    image_mean: [0, 0.5, 1],
    image_std: [1, 0.5, 2],
  });

  it('puts each channel in a plane of its own, normalised', () => {
    const pixels = Uint8Array.of(255, 255, 255, 0, 0, 0, 51, 102, 153, 255, 0, 255);
    const tensor = toTensor([pixels], preprocessing);
    const expected = [1, 0, 0.2, 1, 1, -1, -0.2, -1, 0, -0.5, -0.2, 0];
    expect(tensor).to.have.lengthOf(12);
    tensor.forEach((value, index) => expect(value).to.be.closeTo(expected[index] ?? NaN, 1e-6));
  });

  it('puts pictures one after the other', () => {
    const dark = new Uint8Array(12);
    const light = new Uint8Array(12).fill(255);
    const batch = toTensor([dark, light], preprocessing);
    expect([...batch]).to.deep.equal([
      ...toTensor([dark], preprocessing),
      ...toTensor([light], preprocessing),
    ]);
    expect(toTensor([], preprocessing)).to.have.lengthOf(0);
  });

  it('refuses pixels of another size', () => {
    const call = () => toTensor([new Uint8Array(12), new Uint8Array(11)], preprocessing);
    expect(call).to.throw(RangeError, 'Expected 12 bytes for `pixels[1]` but received 11.');
  });
});

function fieldsOf(json: unknown): string[] {
  try {
    parsePreprocessing(json);
    return [];
  } catch (error) {
    return (error as FormatError).fields.map(({ field }) => field);
  }
}
