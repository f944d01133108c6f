import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { createContext, Script } from 'node:vm';

import { NO_QUESTION } from '../../../../functions/frontend/view/question.ts';
import { snippetsFor } from '../../../../functions/frontend/view/snippets.ts';

const URL_OF_CLIP = 'http://gateway.example/function/clip';
const heads = [{ id: 'cifar100', title: 'Everyday things', labelCount: 100, isReady: true }];
const own = { ...NO_QUESTION, labels: ["a dog's bed", 'a "cat"'], template: 'a {}', top: '3' };
const commas = { ...own, labels: ["red, isn't it", 'blue'] };

describe('snippets', () => {
  it('ask the very URL for the present head', () => {
    const { curl, javascript, python } = snippetsFor(
      { ...NO_QUESTION, heads: ['cat-dog'] },
      heads,
      URL_OF_CLIP,
    );
    for (const code of [curl, javascript, python]) expect(code).to.contain(`${URL_OF_CLIP}?head=cat-dog`);
    expect(curl).to.match(/^curl --data-binary @photo\.jpg/);
  });

  it('name the general heads where any may answer', () => {
    expect(snippetsFor({ ...NO_QUESTION, heads: ['*'] }, heads, URL_OF_CLIP).curl).to.contain(
      '?head=cifar100',
    );
  });

  it('carry own labels and their template', () => {
    const url = /'(http[^']*)'/.exec(
      snippetsFor(own, heads, URL_OF_CLIP).curl.replaceAll(`'\\''`, '%27'),
    )?.[1];
    const query = new URL(url ?? '').searchParams;
    expect(query.get('labels')).to.equal(own.labels.join(','));
    expect(query.get('template')).to.equal('a {}');
    expect(query.get('head')).to.equal(null);
  });

  it('send labels with commas as form fields', () => {
    const { curl, javascript, python } = snippetsFor(commas, heads, URL_OF_CLIP);
    expect(curl).to.contain(`--form-string 'labels=red, isn'\\''t it'`).and.to.contain('-F image=@photo.jpg');
    expect(javascript).to.contain(`["red, isn't it","blue"]`);
    expect(python).to.contain(`"labels": ["red, isn't it", "blue"], "template": "a {}"`);
  });

  for (const [name, question] of Object.entries({ plain: NO_QUESTION, own, commas })) {
    it(`are well-formed: ${name}`, function () {
      const { curl, javascript, python } = snippetsFor(question, heads, URL_OF_CLIP);
      expect(() => void new Script(javascript).runInContext(createContext({}))).not.to.throw();
      expect(spawnSync('sh', ['-n'], { input: curl }).status).to.equal(0);
      const parsed = spawnSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], {
        input: python,
      });
      // Without a Python on this machine its snippet is only looked at by the other tests.
      if (parsed.error === undefined) expect(parsed.status, parsed.stderr.toString()).to.equal(0);
    });
  }

  it('send words in a form where they are more than a request line holds', () => {
    const labels = Array.from({ length: 100 }, (_, at) => `${'語'.repeat(100)}${at}`);
    const { curl } = snippetsFor({ ...own, labels }, heads, URL_OF_CLIP);
    expect(curl)
      .to.contain(`--form-string 'labels=${labels[99] ?? ''}'`)
      .and.to.contain(`'${URL_OF_CLIP}?top=3'`);
  });

  it('lay transparent parts on white before they shrink a picture, as the service does', async () => {
    const { javascript, python } = snippetsFor(NO_QUESTION, heads, URL_OF_CLIP);
    const drawn: string[] = [];
    const context = {
      set fillStyle(colour: string) {
        drawn.push(colour);
      },
      fillRect: () => drawn.push('fill'),
      drawImage: () => drawn.push('picture'),
    };
    class OffscreenCanvas {
      getContext = () => context;
      convertToBlob = () => 'a JPEG';
    }
    const sent: unknown[] = [];
    const inside = createContext({
      OffscreenCanvas,
      createImageBitmap: () => ({ width: 3_000, height: 2_000 }),
      fetch: (_url: string, { body }: { body: unknown }) => {
        sent.push(body);
        return { ok: true, json: () => 'an answer' };
      },
    });
    new Script(javascript).runInContext(inside);
    expect(await new Script('classify("a file")').runInContext(inside)).to.equal('an answer');
    expect(sent).to.deep.equal(['a JPEG']);
    expect(drawn).to.deep.equal(['white', 'fill', 'picture']);
    expect(python.indexOf('alpha_composite(white')).to.be.within(1, python.indexOf('.resize('));
  });

  it('are quoted so that a shell reads back what was written', () => {
    const { curl } = snippetsFor(commas, heads, URL_OF_CLIP);
    const words = spawnSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${curl}`])
      .stdout.toString()
      .split('\n');
    expect(words).to.include("labels=red, isn't it").and.to.include(`${URL_OF_CLIP}?top=3`);
  });
});
