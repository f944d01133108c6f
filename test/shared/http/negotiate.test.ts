import { expect } from 'chai';
import { prefersHtml } from '../../../shared/http/negotiate.ts';

const asking = (accept?: string) =>
  new Request('http://h/', accept === undefined ? {} : { headers: { Accept: accept } });

describe('prefersHtml', () => {
  const cases: readonly [accept: string | undefined, html: boolean, who: string][] = [
    ['text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', true, 'a browser'],
    [undefined, false, 'a client that says nothing'],
    ['*/*', false, 'curl, fetch'],
    ['application/json', false, 'a program'],
    ['application/json, text/html', false, 'JSON named first'],
    ['text/html, application/json', true, 'HTML named first'],
    ['text/html;q=0.5, application/json', false, 'HTML with less weight'],
    ['application/json;q=0.5, TEXT/HTML', true, 'upper case'],
    ['application/problem+json, text/html;q=0.9', false, 'a problem preferred'],
    ['text/*', true, 'any text'],
    ['text/html;q=0', false, 'HTML ruled out'],
    ['text/html;q=banana', false, 'a weight that is none'],
    [';;;,,,', false, 'nonsense'],
    ['text/event-stream', false, 'a stream'],
  ];
  for (const [accept, html, who] of cases) {
    it(`${html ? 'HTML' : 'JSON'} for ${who}`, () => {
      expect(prefersHtml(asking(accept))).to.equal(html);
    });
  }
});
