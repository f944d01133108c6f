import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { expectProblem, form, picture, startClip, type ClipUnderTest } from './harness.ts';

interface Row {
  readonly case: string;
  readonly provoke: (clip: ClipUnderTest) => Promise<Response>;
  readonly status: number;
  readonly detail: RegExp;
  readonly headers?: Readonly<Record<string, RegExp>>;
  /** Fields that are named, where they are. */
  readonly fields?: readonly string[];
}

const json = (clip: ClipUnderTest, body: string) =>
  clip.post(body, '/', { 'Content-Type': 'application/json' });
const noise = (bytes: number) => new Uint8Array(bytes).fill(0x41);

let red: Uint8Array<ArrayBuffer>;
const asking = (query: string) => (clip: ClipUnderTest) => clip.post(red, `/?${query}`);

/** One by one the rows of the API's error table that concern clip, in its order. */
const ROWS: readonly Row[] = [
  // 400: no image, empty or blank body, bad query, template without {}
  {
    case: 'no image in a form',
    provoke: (clip) => clip.post(form([['top', '3']])),
    status: 400,
    detail: /image/,
    fields: ['image'],
  },
  { case: 'no image in JSON', provoke: (clip) => json(clip, '{"top": 3}'), status: 400, detail: /image/ },
  { case: 'an empty body', provoke: (clip) => clip.post(''), status: 400, detail: /image/ },
  { case: 'a blank body', provoke: (clip) => clip.post(' \r\n\t\n'), status: 400, detail: /image/ },
  { case: 'an unknown option', provoke: asking('tpo=3'), status: 400, detail: /"tpo"/, fields: ['tpo'] },
  {
    case: 'a bad number',
    provoke: asking('top=many'),
    status: 400,
    detail: /`top`.*"many"/,
    fields: ['top'],
  },
  {
    case: 'all invalid fields at once',
    provoke: asking('top=0&x=1&labels=a,a&template=b'),
    status: 400,
    detail: /./,
    fields: ['x', 'labels', 'template', 'top'],
  },
  {
    case: 'an option given twice and different',
    provoke: (clip) =>
      clip.post(
        form([
          ['image', red],
          ['top', '2'],
        ]),
        '/?top=3',
      ),
    status: 400,
    detail: /"3" and "2"/,
    fields: ['top'],
  },
  {
    case: 'labels together with a head',
    provoke: asking('labels=a,b&head=warm'),
    status: 400,
    detail: /both/,
    fields: ['labels'],
  },
  {
    case: 'a label template without {}',
    provoke: asking('labels=a,b&template=a%20photo'),
    status: 400,
    detail: /\{\}/,
    fields: ['template'],
  },
  // 404, 405
  { case: 'an unknown head', provoke: asking('head=cats'), status: 404, detail: /cifar100, warm.*"cats"/ },
  {
    case: 'an unknown head among known ones',
    provoke: asking('head=warm&head=cats'),
    status: 404,
    detail: /"cats"/,
  },
  { case: 'an unknown model', provoke: asking('model=big'), status: 404, detail: /tiny.*"big"/ },
  {
    case: 'the page of an unknown head',
    provoke: (clip) => clip.fetch('/heads/cats'),
    status: 404,
    detail: /"cats"/,
  },
  {
    case: 'a head that was never evaluated',
    provoke: (clip) => clip.fetch('/heads/warm/evaluation'),
    status: 404,
    detail: /not been evaluated/,
  },
  {
    case: 'an unknown route',
    provoke: (clip) => clip.fetch('/classify'),
    status: 404,
    detail: /"\/classify"/,
  },
  {
    case: 'a method that / does not have',
    provoke: (clip) => clip.fetch('/', { method: 'DELETE' }),
    status: 405,
    detail: /DELETE/,
    headers: { Allow: /^GET, HEAD, POST, OPTIONS$/ },
  },
  {
    case: 'a method that /heads does not have',
    provoke: (clip) => clip.fetch('/heads', { method: 'POST', body: 'x' }),
    status: 405,
    detail: /POST/,
    headers: { Allow: /^GET, HEAD, OPTIONS$/ },
  },
  // 413
  {
    case: 'raw bytes over max_upload_bytes',
    provoke: (clip) => clip.post(noise(20_001)),
    status: 413,
    detail: /20000 bytes/,
  },
  {
    case: 'a file over max_upload_bytes',
    provoke: (clip) => clip.post(form([['image', noise(20_001)]])),
    status: 413,
    detail: /20000 bytes/,
  },
  {
    case: 'base64 whose bytes are over max_upload_bytes',
    provoke: (clip) => json(clip, JSON.stringify({ image: Buffer.alloc(20_001).toString('base64') })),
    status: 413,
    detail: /20000 bytes/,
  },
  {
    case: 'a request over max_request_bytes',
    provoke: (clip) =>
      clip.post(
        form([
          ['image', noise(15_000)],
          ['image', noise(15_000)],
          ['image', noise(15_000)],
        ]),
      ),
    status: 413,
    detail: /40000 bytes/,
  },
  {
    case: 'JSON over max_request_bytes',
    provoke: (clip) => json(clip, `{"image": "${'A'.repeat(40_000)}"}`),
    status: 413,
    detail: /40000 bytes/,
  },
  // 415
  {
    case: 'something that is no image',
    provoke: (clip) => clip.post('just words'),
    status: 415,
    detail: /jpeg, png.*something else/,
  },
  {
    case: 'an SVG',
    provoke: (clip) => clip.post('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    status: 415,
    detail: /svg/,
  },
  {
    case: 'a HEIC',
    provoke: (clip) => clip.post(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic')),
    status: 415,
    detail: /heic.*JPEG/,
  },
  // 422
  {
    case: 'a picture that breaks off',
    provoke: (clip) => clip.post(red.slice(0, 60)),
    status: 422,
    detail: /png/,
  },
  {
    case: 'a damaged header',
    provoke: (clip) => clip.post(Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise(50)])),
    status: 422,
    detail: /png/,
  },
  {
    case: 'a picture over max_image_pixels',
    provoke: async (clip) => clip.post(await picture('red', { width: 400, height: 300 })),
    status: 422,
    detail: /100000 pixels.*400 × 300/,
  },
];

describe('clip: error table', () => {
  let clip: ClipUnderTest;

  before(async () => {
    red = await picture('red');
    clip = await startClip({
      max_upload_bytes: '20000',
      max_request_bytes: '40000',
      max_image_pixels: '100000',
    });
  });
  after(() => clip.stop());

  for (const row of ROWS) {
    it(`${row.status} for ${row.case}`, async () => {
      const response = await row.provoke(clip);
      const problem = await expectProblem(response, row.status);
      expect(problem.detail).to.match(row.detail);
      if (row.fields !== undefined)
        expect(problem.errors.map(({ field }) => field)).to.have.members(row.fields);
      for (const [name, pattern] of Object.entries(row.headers ?? {})) {
        expect(response.headers.get(name)).to.match(pattern);
      }
    });
  }

  it('422 for a picture that is not decoded in time', async () => {
    const slow = await startClip({ decode_timeout: '10ms', max_image_pixels: '100000000' });
    try {
      const large = await picture('blue', { width: 5_000, height: 5_000 });
      const problem = await expectProblem(await slow.post(large), 422);
      expect(problem.detail).to.contain('0.01 s');
    } finally {
      await slow.stop();
    }
  });

  it('an error is a page where a page is asked for', async () => {
    const response = await clip.post(red, '/?top=%3Cb%3E', { Accept: 'text/html' });
    expect(response.status).to.equal(400);
    expect(response.headers.get('Content-Type')).to.equal('text/html; charset=utf-8');
    expect(response.headers.get('Content-Security-Policy')).to.contain("default-src 'none'");
    const page = await response.text();
    expect(page).to.contain('Expected a whole number').and.to.contain('&lt;b&gt;').and.not.to.contain('<b>');
    expect(page).to.contain(response.headers.get('X-Call-Id')).and.to.contain('href="/function/clip/"');
  });

  it('a page may use its own style: the policy names its hash', async () => {
    const response = await clip.fetch('/', { headers: { Accept: 'text/html' } });
    const style = /<style>([^]*?)<\/style>/.exec(await response.text())?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(style).to.contain('font');
    expect(response.headers.get('Content-Security-Policy')).to.contain(`'sha256-${hash}'`);
  });
});
