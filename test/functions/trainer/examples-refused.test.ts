import { expect } from 'chai';
import { expectProblem, formOf, ORANGE, pictures, TrainerUnderTest, until } from './harness.ts';

describe('what trainer refuses of examples', function () {
  this.timeout(120_000);
  let own: TrainerUnderTest;
  beforeEach(async () => (own = await TrainerUnderTest.start()));
  afterEach(() => own.stop());
  const labelsOf = async (head: string) => {
    const answer = await own.fetch(`/heads/${head}/examples`);
    return ((await answer.json()) as { readonly labels: Readonly<Record<string, number>> }).labels;
  };

  it('removes nothing for an option that it does not know: a mistyped label would mean all', async () => {
    const { pictures: kept } = await own.add('colours', 'orange', await pictures(ORANGE, 2));
    const hash = kept[0]?.sha256 ?? '';
    for (const path of ['/examples?lable=teal', '?label=orange', `/examples/${hash}?label=teal`]) {
      const { detail } = await expectProblem(
        await own.fetch(`/heads/colours${path}`, { method: 'DELETE' }),
        400,
      );
      expect(detail).to.match(/as an option but received "lable"|Expected no option but received "label"/);
    }
    expect(await labelsOf('colours')).to.deep.equal({ orange: 2 });
  });

  it('keeps no picture, trains nothing and goes back to nothing for a mistyped option', async () => {
    const body = formOf(await pictures(ORANGE, 1));
    const posts: readonly (readonly [string, RequestInit])[] = [
      ['/examples?label=a&titel=b', { body }],
      ['/train?augmented=false', {}],
      ['/rollback?version=0&head=a', {}],
    ];
    for (const [path, init] of posts) {
      await expectProblem(await own.fetch(`/heads/colours${path}`, { method: 'POST', ...init }), 400);
    }
    expect(await labelsOf('colours')).to.deep.equal({});
  });

  it('keeps no picture of a form that says another label than its address', async () => {
    const [picture = new Uint8Array()] = await pictures(ORANGE, 1);
    const post = (label: string) => {
      const body = new FormData();
      body.append('label', label);
      body.append('image', new Blob([new Uint8Array(picture)]), '0.png');
      return own.fetch('/heads/colours/examples?label=orange', { method: 'POST', body });
    };
    const { detail } = await expectProblem(await post('teal'), 400);
    expect(detail).to.contain('"orange" and "teal"');
    expect(await labelsOf('colours')).to.deep.equal({});
    expect((await post(' orange')).status).to.equal(200);
    expect(await labelsOf('colours')).to.deep.equal({ orange: 1 });
  });

  it('takes back what it kept of a form that says another label at its end', async () => {
    const form = formOf(await pictures(ORANGE, 2));
    form.append('label', 'teal');
    const whole = new Response(form);
    const bytes = new Uint8Array(await whole.arrayBuffer());
    const end = bytes.byteLength - 150;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(bytes.slice(0, end)),
      pull: async (controller) => {
        await until(async () => (await labelsOf('colours')).orange !== undefined);
        controller.enqueue(bytes.slice(end));
        controller.close();
      },
    });
    const headers = { 'Content-Type': whole.headers.get('Content-Type') ?? '' };
    const init = { method: 'POST', body, headers, duplex: 'half' } as const;
    await expectProblem(await own.fetch('/heads/colours/examples?label=orange', init), 400);
    expect(await labelsOf('colours')).to.deep.equal({});
  });

  it('refuses odd labels, odd names and requests without a picture', async () => {
    const post = (path: string, body: FormData | string = formOf([])) =>
      own.fetch(path, { method: 'POST', body });
    await expectProblem(await post('/heads/colours/examples'), 400);
    await expectProblem(await post('/heads/colours/examples?label=a%2Fb'), 400);
    await expectProblem(await post('/heads/digits/examples?label=a'), 400);
    await expectProblem(await post('/heads/labels/examples?label=a'), 400);
    await expectProblem(await post('/heads/colours/examples?label=a'), 400);
    await expectProblem(await post('/heads/colours/examples?label=a', ''), 400);
  });

  it('answers 404 and 405 in problems', async () => {
    await expectProblem(await own.fetch('/nowhere'), 404);
    const response = await own.fetch('/heads/colours/examples', { method: 'PUT' });
    expect(response.headers.get('Allow')).to.contain('POST');
    await expectProblem(response, 405);
  });
});
