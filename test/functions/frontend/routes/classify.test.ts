import { expect } from 'chai';

import { optionsOf } from '../fake-clip.ts';
import { HTML, PICTURE, startFrontend, type StartedFrontend } from '../started-frontend.ts';

type Problem = Record<string, unknown>;

describe('POST /classify', () => {
  let started: StartedFrontend;

  beforeEach(async () => {
    started = await startFrontend({ max_upload_bytes: '64KiB', max_request_bytes: '128KiB' });
  });

  afterEach(() => started.close());

  const asked = () => started.gateway.clip.classifications[0];
  const problemOf = async (response: Response): Promise<Problem> => (await response.json()) as Problem;

  describe('forwards', () => {
    it("the picture's own bytes with every option, and answers in clip's shape", async () => {
      const response = await started.post(
        [
          ['top', '2'],
          ['image', PICTURE],
          ['head', 'cat-dog'],
          ['model', 'mini-clip'],
        ],
        { 'X-Call-Id': 'call-7' },
      );
      expect(response.status).to.equal(200);
      expect(await response.json()).to.deep.include({ head: 'cat-dog', confident: true });
      expect(asked()?.url).to.equal('/?head=cat-dog&top=2&model=mini-clip');
      expect(asked()?.headers['x-call-id']).to.equal('call-7');
      expect(asked()?.body).to.deep.equal(Buffer.from(await PICTURE.arrayBuffer()));
    });

    it("how clip came to its answer, in the answer's headers", async () => {
      const { headers } = await started.post([['image', PICTURE]]);
      expect(headers.get('Server-Timing')).to.equal('encode;dur=5');
      expect(headers.get('X-Cache')).to.equal('miss');
      expect(headers.get('Cache-Control')).to.equal('no-store');
    });

    it('no option where none was given', async () => {
      await started.post([['image', PICTURE]]);
      expect(asked()?.url).to.equal('/');
    });

    it('own labels and their template', async () => {
      await started.post([
        ['labels', 'red, or nearly'],
        ['labels', 'ein Hühnchen'],
        ['template', 'a drawing of a {}'],
        ['image', PICTURE],
      ]);
      const options = optionsOf(asked() ?? { url: '', body: Buffer.alloc(0) });
      expect(options.getAll('labels')).to.deep.equal(['red, or nearly', 'ein Hühnchen']);
      expect(options.get('template')).to.equal('a drawing of a {}');
      expect(asked()?.url, 'of what people typed nothing is logged').to.equal('/');
    });

    it('many labels as fields of a form, however long they are in an address', async () => {
      const labels = Array.from({ length: 100 }, (_, at) => `${'語'.repeat(195)}${at}`);
      await started.post([...labels.map((label) => ['labels', label] as const), ['image', PICTURE]]);
      expect(asked()?.url).to.equal('/');
      expect(asked()?.body.toString()).to.contain(labels[99]);
    });

    it('a star as the general heads that are there', async () => {
      const response = await started.post([
        ['head', '*'],
        ['image', PICTURE],
      ]);
      expect(asked()?.url).to.equal('/?head=cifar100&head=dog-breeds');
      expect((await problemOf(response)).results).to.have.length(2);
    });

    it('what is wrong, for clip to say', async () => {
      await started.post([
        ['head', 'cat-dog'],
        ['labels', 'x'],
        ['top', 'many'],
        ['image', PICTURE],
      ]);
      expect(asked()?.url).to.equal('/?head=cat-dog&top=many');
      expect(asked()?.body.toString()).to.contain('name="labels"\r\n\r\nx\r\n');
    });
  });

  describe('answers people with a page', () => {
    const page = async (fields: readonly (readonly [string, string | Blob])[]): Promise<string> =>
      (await started.post(fields, HTML)).text();

    it('that holds the result, the picture, the question and a way back', async () => {
      const text = await page([
        ['head', 'cat-dog'],
        ['image', PICTURE],
        ['labels', ''],
        ['template', ''],
        ['top', '3'],
      ]);
      expect(text)
        .to.match(/<strong>dog<\/strong>/)
        .and.to.contain('> 99.9'.replace('> ', '&gt;\u202F'));
      expect(text).to.contain('src="data:image/png;base64,iVBORw0KGgoBAgM="');
      expect(text)
        .to.match(/value="cat-dog"\s+checked/)
        .and.to.match(/<option\s+selected[^>]*>3</);
      expect(text).to.contain('<a class="button plain" href="./?head=cat-dog&amp;top=3">');
    });

    it('that leads with the head that is sure', async () => {
      started.gateway.clip.unsure.clear();
      started.gateway.clip.unsure.add('cifar100');
      const text = await page([
        ['head', '*'],
        ['image', PICTURE],
      ]);
      expect(text)
        .to.match(/<strong>samoyed<\/strong>/)
        .and.to.match(/Also asked: Everyday things/);
    });

    it('that says plainly when nothing fits', async () => {
      const text = await page([
        ['head', 'dog-breeds'],
        ['image', PICTURE],
      ]);
      expect(text).to.contain('None of these fits.');
    });

    it('counts typed words though "own words" was not chosen, and not those beside another head', async () => {
      await page([
        ['head', '*'],
        ['labels', 'a cat\na dog'],
        ['image', PICTURE],
      ]);
      await page([
        ['head', 'cat-dog'],
        ['labels', 'a cat\na dog'],
        ['image', PICTURE],
      ]);
      const asked = started.gateway.clip.classifications.map((request) => optionsOf(request).toString());
      expect(asked).to.deep.equal(['labels=a+cat&labels=a+dog', 'head=cat-dog']);
    });

    it('marks words that the model never met', async () => {
      const text = await page([
        ['head', 'labels'],
        ['labels', 'cat,zorgle'],
        ['image', PICTURE],
      ]);
      expect(text.replace(/\s+/g, ' ')).to.match(/zorgle ?<span class="unseen">new word<\/span>/);
    });

    it('asks for words where "own words" has none', async () => {
      const response = await started.post(
        [
          ['head', 'labels'],
          ['image', PICTURE],
        ],
        HTML,
      );
      expect(response.status).to.equal(400);
      expect(await response.text()).to.contain('Write a few, one a line');
      expect(started.gateway.clip.classifications).to.have.length(0);
    });

    it('takes a sample by name, since without a script nothing else brings it', async () => {
      expect(await page([['sample', 'castle.jpg']])).to.contain('class="verdict"');
      expect(asked()?.body.subarray(0, 3)).to.deep.equal(Buffer.from([0xff, 0xd8, 0xff]));
      const other = await started.post([['sample', '../page.css']], HTML);
      expect(other.status).to.equal(400);
    });

    it('lets labels write no markup', async () => {
      const text = await page([
        ['labels', '<img src=x onerror=alert(1)>,b'],
        ['image', PICTURE],
      ]);
      expect(text).to.contain('&lt;img src=x').and.not.to.contain('<img src=x');
    });
  });

  describe('refuses', () => {
    const rows: [string, number, string, readonly (readonly [string, string | Blob])[]][] = [
      ['a form without a picture', 400, 'Choose one first', [['top', '3']]],
      ['an empty picture', 400, 'Choose one first', [['image', new Blob([])]]],
      ['a file field that nobody touched', 400, 'Choose one first', [['image', new File([], '')]]],
      ['two pictures at once', 400, 'one by one', [['image', PICTURE], ['image', PICTURE]]], // prettier-ignore
      ['a picture over the limit', 413, '65536 bytes', [['image', new Blob([new Uint8Array(65_537)])]]],
      ['a request over the limit', 413, '131072 bytes', [['x', new Blob([new Uint8Array(140_000)])], ['image', PICTURE]]], // prettier-ignore
    ];
    for (const [name, status, words, fields] of rows) {
      it(name, async () => {
        const response = await started.post(fields);
        expect(response.status).to.equal(status);
        expect((await problemOf(response)).detail).to.contain(words);
        expect(started.gateway.clip.classifications).to.have.length(0);
      });
    }

    it('what is no form', async () => {
      const request = new Request('http://frontend/classify', { method: 'POST', body: PICTURE });
      const response = await started.frontend.fetch(request);
      expect(response.status).to.equal(400);
      expect((await problemOf(response)).detail).to.contain('multipart/form-data');
    });

    it('a form that breaks off', async () => {
      const headers = { 'Content-Type': 'multipart/form-data; boundary=x' };
      const body = '--x\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\nabc';
      const request = new Request('http://frontend/classify', { method: 'POST', headers, body });
      expect((await started.frontend.fetch(request)).status).to.equal(400);
    });

    it('takes a picture of exactly the limit', async () => {
      const response = await started.post([['image', new Blob([new Uint8Array(65_536)])]]);
      expect(response.status).to.equal(200);
    });
  });

  it('holds no more bytes than allowed, and gives each request its own back', async () => {
    const small = await startFrontend({ max_upload_bytes: '2000', max_bytes_in_flight: '2000' });
    const half = new Blob([new Uint8Array(1_500)]);
    const refused = await small.post([
      ['x', half],
      ['image', half],
    ]);
    expect(refused.status).to.equal(429);
    expect(refused.headers.get('Retry-After')).to.equal('1');
    for (let turn = 0; turn < 5; turn += 1)
      expect((await small.post([['image', PICTURE]])).status).to.equal(200);
    await small.close();
  });

  it('holds a picture until the page that shows it was sent, and leaves it out where there is no room', async () => {
    const small = await startFrontend({ max_upload_bytes: '5000', max_bytes_in_flight: '5000' });
    const large = new Blob([PICTURE, new Uint8Array(900)]);
    const first = await small.post([['image', large]], HTML);
    const second = await small.post([['image', large]], HTML);
    expect(await first.text()).to.contain('data:image/png;base64,');
    expect(await second.text()).not.to.contain('data:image/');
    expect(await (await small.post([['image', large]], HTML)).text()).to.contain('data:image/png;base64,');
    await small.close();
  });
});
