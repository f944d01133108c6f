import { expect } from 'chai';
import fc from 'fast-check';

import { html, Html } from '../../../../functions/frontend/view/html.ts';

describe('html', () => {
  it('escapes what is put in', () => {
    expect(html`<p title="${'a "b"'}">${"<b>&'</b>"}</p>`.markup).to.equal(
      '<p title="a &quot;b&quot;">&lt;b&gt;&amp;&#39;&lt;/b&gt;</p>',
    );
  });

  it('takes markup as it is, lists end to end, and nothing of undefined and false', () => {
    const items = ['a', '<'].map((item) => html`<li>${item}</li>`);
    expect(html`${items}${undefined}${false}${0}`.markup).to.equal('<li>a</li><li>&lt;</li>0');
  });

  it('is not fooled by a text that looks like markup', () => {
    expect(html`${String(html`<i>x</i>`)}`.markup).to.equal('&lt;i&gt;x&lt;/i&gt;');
    expect(html`${html`<i>x</i>`}`.markup).to.equal('<i>x</i>');
    expect(html`<i></i>`).to.be.instanceOf(Html);
  });

  it('lets no text open a tag or end an attribute, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(html`${text}`.markup).not.to.match(/[<>"']/);
      }),
    );
  });
});
