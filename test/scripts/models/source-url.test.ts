import { expect } from 'chai';
import { followRedirect, parseMirror, sourceUrl } from '../../../scripts/models/source-url.ts';

const BASE = 'https://huggingface.co/owner/name/resolve/abc/';

describe('sourceUrl', () => {
  it('is the base and the path', () => {
    expect(sourceUrl(BASE, 'onnx/model.onnx').href).to.equal(`${BASE}onnx/model.onnx`);
  });

  it('keeps odd characters of a path in the path', () => {
    expect(sourceUrl(BASE, 'a b?c#d/e.onnx').href).to.equal(`${BASE}a%20b%3Fc%23d/e.onnx`);
  });

  for (const mirror of ['https://mirror.example/hf', 'https://mirror.example/hf/']) {
    it(`puts ${mirror} in the place of the origin`, () => {
      const url = sourceUrl(BASE, 'config.json', mirror);
      expect(url.href).to.equal('https://mirror.example/hf/owner/name/resolve/abc/config.json');
    });
  }
});

describe('parseMirror', () => {
  for (const mirror of [
    'https://mirror.example',
    'http://127.0.0.1:8000/x',
    'http://localhost:1',
    'http://[::1]:2',
  ]) {
    it(`takes ${mirror}`, () => expect(parseMirror(mirror).href).to.contain(mirror));
  }

  for (const mirror of [
    'http://mirror.example',
    'ftp://mirror.example',
    'mirror',
    '',
    'https://m.example/?a=1',
  ]) {
    it(`refuses ${JSON.stringify(mirror)}`, () => {
      expect(() => parseMirror(mirror)).to.throw(/Expected an https URL .* for the mirror but received/);
    });
  }
});

describe('followRedirect', () => {
  const here = new URL('http://127.0.0.1:9/a/b');
  const far = new URL('https://huggingface.co/a/b');

  it('goes to https from anywhere, and relative addresses stay where they were', () => {
    expect(followRedirect(far, 'https://cdn.example/x').href).to.equal('https://cdn.example/x');
    expect(followRedirect(far, '/c').href).to.equal('https://huggingface.co/c');
    expect(followRedirect(here, 'c').href).to.equal('http://127.0.0.1:9/a/c');
  });

  const refused: [string, URL, string | null][] = [
    ['from https to http', far, 'http://huggingface.co/x'],
    ['from https to this machine', far, 'http://127.0.0.1/x'],
    ['to a file', far, 'file:///etc/passwd'],
    ['without an address', far, null],
    ['from this machine to http elsewhere', here, 'http://10.0.0.1/x'],
  ];
  for (const [what, from, location] of refused) {
    it(`does not go ${what}`, () => expect(() => followRedirect(from, location)).to.throw(/redirects to/));
  }
});
