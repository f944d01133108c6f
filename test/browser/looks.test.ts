import { expect } from 'chai';
import type { BrowserContextOptions, Page } from 'playwright-core';

import { plainReply } from '../functions/frontend/fake-clip.ts';
import { accessibilityFaults, boxesOf, CASTLE, describePage, overhang } from './page-fixture.ts';

const SCHEMES = ['light', 'dark'] as const;
const PHONE: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
};

describePage('the look of the page', (fixture) => {
  const ask = async (page: Page, until = '.verdict'): Promise<void> => {
    await page.locator('#image').setInputFiles(CASTLE);
    await page.locator(until).first().waitFor();
  };

  for (const colorScheme of SCHEMES) {
    describe(`in the ${colorScheme} scheme has no fault that axe knows`, () => {
      it('at first', async () => {
        const page = await fixture.open({ colorScheme });
        await page.getByText('Dog breeds').waitFor();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      });

      it('with answers, words of its own and a list of past pictures', async () => {
        const page = await fixture.open({ colorScheme });
        await ask(page);
        await page.locator('.past li').first().waitFor();
        await page.locator('.card summary').click();
        await page.getByText('Your own words').click();
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      });

      it('with an error', async () => {
        fixture.clip.reply = plainReply(502);
        const page = await fixture.open({ colorScheme });
        await ask(page, '.card.problem .problem-title');
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      });

      it('on the page of an error', async () => {
        const page = await fixture.open({ colorScheme }, 'nowhere');
        expect(await accessibilityFaults(page)).to.deep.equal([]);
      });
    });
  }

  it('is dark where the person wants it dark', async () => {
    const lightness = async (colorScheme: (typeof SCHEMES)[number]): Promise<number> => {
      const page = await fixture.open({ colorScheme });
      const colour = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      return Number(/\d+/.exec(colour)?.[0]);
    };
    expect(await lightness('light')).to.be.greaterThan(230);
    expect(await lightness('dark')).to.be.lessThan(40);
  });

  it('fits a phone of 360 pixels, empty, with answers and with an error', async () => {
    const page = await fixture.open(PHONE);
    expect(await overhang(page)).to.equal(0);
    await ask(page);
    await page.getByText('Your own words').click();
    expect(await overhang(page)).to.equal(0);
    fixture.clip.reply = plainReply(504);
    await page.getByText('Cat or dog').click();
    await page.locator('.problem-title').waitFor();
    expect(await overhang(page)).to.equal(0);
  });

  it('breaks words that are longer than a line, on a phone and on a desk', async () => {
    const [first, second] = ['w'.repeat(200), 'v'.repeat(200)] as const;
    const answer = {
      head: 'labels',
      version: 'sha256:1234',
      model: { id: 'mini-clip', revision: 'sha256:5678' },
      image: { sha256: 'abcd', width: 299, height: 299, format: 'jpeg' },
      predictions: [
        { label: first, score: 0.9, similarity: 0.3, seen: false },
        { label: second, score: 0.1, similarity: 0.1, seen: false },
      ],
      confident: true,
    };
    fixture.clip.reply = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
    };
    for (const options of [PHONE, {}]) {
      const page = await fixture.open(options, `?labels=${first},${second}`);
      await ask(page);
      await page.locator('.past li').first().waitFor();
      const [card] = await boxesOf(page, '.card');
      const [table] = await boxesOf(page, '.scores');
      expect(table.x + table.width).to.be.at.most(card.x + card.width);
      expect(await overhang(page)).to.equal(0);
    }
  });

  it('keeps lists apart that are unfolded', async () => {
    const answerOf = (head: string) => ({
      head,
      version: 'sha256:1234',
      model: { id: 'mini-clip', revision: 'sha256:5678' },
      image: { sha256: 'abcd', width: 299, height: 299, format: 'jpeg' },
      predictions: [{ label: 'castle', score: 0.9, similarity: 0.3 }],
      confident: true,
    });
    const results = ['cifar100', 'cat-dog', 'dog-breeds'].map(answerOf);
    fixture.clip.reply = (_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ results }));
    };
    const page = await fixture.open();
    await ask(page);
    await page.locator('.others summary').click();
    const [above, below] = await boxesOf(page, '.others table');
    expect((below?.y ?? 0) - above.y - above.height).to.be.at.least(8);
  });

  it('offers the camera on a phone, and not on a desk', async () => {
    const phone = await fixture.open(PHONE);
    expect(await phone.locator('#camera').isVisible()).to.equal(true);
    expect(await phone.locator('#photo').getAttribute('capture')).to.equal('environment');
    const desk = await fixture.open();
    expect(await desk.locator('#camera').isVisible()).to.equal(false);
  });

  it('shows a phone the answer without scrolling, and speaks to it of no dropping', async () => {
    const page = await fixture.open(PHONE);
    expect(await page.locator('#drop-hint').isVisible()).to.equal(false);
    await ask(page);
    const [{ y, height }] = await boxesOf(page, '.verdict');
    expect(height).to.be.greaterThan(0);
    expect(y).to.be.within(0, 740 - height);
  });

  it('holds at four times the size of its letters', async () => {
    const page = await fixture.open({ viewport: { width: 320, height: 256 } });
    await ask(page);
    expect(await overhang(page)).to.equal(0);
  });

  it('moves nothing for those who asked for that', async () => {
    const page = await fixture.open({ reducedMotion: 'reduce' });
    const durations = await page.evaluate<string[]>(
      '[...document.querySelectorAll("*")].map((element) => getComputedStyle(element).transitionDuration)',
    );
    expect(new Set(durations)).to.deep.equal(new Set(['0s']));
  });

  it('loads nothing from elsewhere', async () => {
    const page = await fixture.open();
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    await page.reload();
    await ask(page);
    hosts.delete('null');
    expect([...hosts].filter((host) => !host.startsWith('blob:'))).to.deep.equal([
      fixture.served.gateway.url,
    ]);
  });
});
