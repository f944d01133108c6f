import { expect } from 'chai';
import fc from 'fast-check';
import { resolve } from 'node:path';
import {
  contextLengthOf,
  modelFile,
  parseManifest,
  revisionText,
} from '../../../shared/core/bundle-manifest.ts';
import { FormatError } from '../../../shared/core/format-error.ts';

const SHA256 = 'a'.repeat(64);
const file = (path: unknown) => ({ path, bytes: 1, sha256: SHA256 });
const JSON_FILE = {
  id: 'clip-vit-base-patch32',
  title: 'OpenAI CLIP ViT-B/32',
  licence: 'MIT',
  logitScale: 100,
  embeddingSize: 512,
  files: ['config.json', 'onnx/vision_model_quantized.onnx', 'onnx/text_model.onnx'].map(file),
};

describe('parseManifest', () => {
  it('reads what must be there, and leaves out what need not', () => {
    expect(parseManifest(JSON_FILE)).to.deep.equal({ ...JSON_FILE, seenLabels: [] });
  });

  it('reads what may be there', () => {
    const noneThresholds = { imagenet1k: 0.23, 'cat-dog': 0.03 };
    const more = {
      noneThreshold: 0.21,
      noneThresholds,
      contextLength: 32,
      seenLabels: ['wolf', 'grey wolf'],
    };
    expect(parseManifest({ ...JSON_FILE, ...more })).to.deep.include(more);
  });

  for (const path of [
    '/etc/passwd',
    '../up',
    'a/../../b',
    'a//b',
    './a',
    'a/.',
    'C:\\x',
    'a\\b',
    'c:x',
    '',
    'a\0b',
    '..',
  ]) {
    it(`refuses a file at ${JSON.stringify(path)}`, () => {
      expect(fieldsOf({ ...JSON_FILE, files: [file(path)] })).to.deep.equal(['files[0].path']);
    });
  }

  it('takes dots that are parts of a name', () => {
    const paths = ['a..b/.hidden', '..a', 'a.', '...'];
    expect(parseManifest({ ...JSON_FILE, files: paths.map(file) }).files).to.have.lengthOf(4);
  });

  it('refuses a path that stands twice', () => {
    expect(fieldsOf({ ...JSON_FILE, files: [file('a'), file('a')] })).to.deep.equal(['files']);
  });

  it('names every field that is wrong', () => {
    const json = {
      id: 'A b',
      title: '',
      logitScale: '100',
      embeddingSize: 1.5,
      noneThreshold: 2,
      noneThresholds: { imagenet1k: '0.2' },
      files: [{}],
    };
    expect(fieldsOf(json)).to.have.members([
      ...['id', 'title', 'licence', 'logitScale', 'embeddingSize', 'noneThreshold'],
      'noneThresholds.imagenet1k',
      ...['files[0].path', 'files[0].bytes', 'files[0].sha256'],
    ]);
  });

  it('lets no path out of the directory, whatever is written', () => {
    const part = fc.constantFrom('..', '.', '', 'a', 'b.json', '\\', 'c:', '...', 'a b');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const path = parts.join('/');
        const isRefused = fieldsOf({ ...JSON_FILE, files: [file(path)] }).length > 0;
        const isInside = resolve('/root/bundle', path.replaceAll('\\', '/')).startsWith('/root/bundle/');
        expect(isRefused || isInside).to.equal(true);
      }),
    );
  });

  it('either reads any JSON or says what is wrong with it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(fieldsOf(json)).to.not.be.empty;
      }),
    );
  });
});

describe('revisionText', () => {
  it('is sorted lines as sha256sum prints them, whatever the order of the manifest', () => {
    const files = [
      { path: 'b', bytes: 1, sha256: '2'.repeat(64) },
      { path: 'a', bytes: 1, sha256: '3'.repeat(64) },
    ];
    const expected = `${'2'.repeat(64)}  b\n${'3'.repeat(64)}  a\n`;
    expect(revisionText(files)).to.equal(expected);
    expect(revisionText([...files].reverse())).to.equal(expected);
  });
});

describe('modelFile', () => {
  const manifest = parseManifest(JSON_FILE);

  it('finds the encoders of any export', () => {
    expect(modelFile(manifest, 'vision')).to.equal('onnx/vision_model_quantized.onnx');
    expect(modelFile(manifest, 'text')).to.equal('onnx/text_model.onnx');
  });

  it('takes the first of several, and no other file of the folder', () => {
    const paths = [
      'onnx/vision_model.onnx_data',
      'onnx/x/vision_model.onnx',
      'onnx/vision_model_fp16.onnx',
      'onnx/vision_model.onnx',
    ];
    expect(modelFile(parseManifest({ ...JSON_FILE, files: paths.map(file) }), 'vision')).to.equal(
      'onnx/vision_model_fp16.onnx',
    );
  });

  it('says what is missing', () => {
    const without = parseManifest({ ...JSON_FILE, files: [file('onnx/model.onnx')] });
    expect(() => modelFile(without, 'text')).to.throw(FormatError, 'onnx/text_model*.onnx');
  });
});

describe('contextLengthOf', () => {
  const manifest = parseManifest(JSON_FILE);

  it('comes from config.json, unless bundle.json says it', () => {
    const config = { text_config: { max_position_embeddings: 77 } };
    expect(contextLengthOf(manifest, config)).to.equal(77);
    expect(contextLengthOf({ ...manifest, contextLength: 32 }, config)).to.equal(32);
    expect(contextLengthOf({ ...manifest, contextLength: 32 }, undefined)).to.equal(32);
  });

  it('is not guessed', () => {
    for (const config of [
      {},
      undefined,
      { text_config: {} },
      { text_config: { max_position_embeddings: 2 } },
    ]) {
      expect(() => contextLengthOf(manifest, config)).to.throw(
        FormatError,
        'text_config.max_position_embeddings',
      );
    }
  });
});

function fieldsOf(json: unknown): string[] {
  try {
    parseManifest(json);
    return [];
  } catch (error) {
    return (error as FormatError).fields.map(({ field }) => field);
  }
}
