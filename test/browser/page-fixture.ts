import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';

import { CHROMIUM_NOTE, launchChromium } from './chromium.ts';
import { servePage, type ServedPage } from './served-page.ts';

export const SAMPLES = fileURLToPath(new URL('../../functions/frontend/assets/samples/', import.meta.url));
export const CASTLE = `${SAMPLES}castle.jpg`;
export const TRACTOR = `${SAMPLES}tractor.jpg`;
export const DOGS = `${SAMPLES}two-dogs.jpg`;

/** What the page's tests share: one build, one server and one browser; a context of its own for each test. */
export class PageFixture {
  served!: ServedPage;
  browser!: Browser;
  #contexts: BrowserContext[] = [];
  /** What the pages complained of: a policy that was broken, an error that nobody caught. */
  readonly complaints: string[] = [];

  get clip(): ServedPage['gateway']['clip'] {
    return this.served.gateway.clip;
  }

  /** @param path below the page's address, as in `?head=cat-dog` */
  async open(options: BrowserContextOptions = {}, path = ''): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(30_000);
    this.#contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) this.complaints.push(message.text());
    });
    await page.goto(this.served.url + path);
    return page;
  }

  async closeContexts(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
  }
}

/** A `describe` for tests in a real Chromium; skipped in words where there is none. */
export function describePage(title: string, body: (fixture: PageFixture) => void): void {
  const fixture = new PageFixture();
  (CHROMIUM_NOTE === '' ? describe : describe.skip)(`${title}${CHROMIUM_NOTE}`, function () {
    this.timeout(60_000);

    before(async () => {
      fixture.served = await servePage();
      fixture.browser = await launchChromium();
    });

    afterEach(async () => {
      await fixture.closeContexts();
      fixture.clip.reply = undefined;
      fixture.clip.replyToRest = undefined;
      fixture.clip.asked.length = 0;
      expect(fixture.complaints.splice(0)).to.deep.equal([]);
    });

    after(async () => {
      await fixture.browser.close();
      await fixture.served.close();
    });

    body(fixture);
  });
}

/** Puts files into a DataTransfer in the page and hands it to an expression in which it is called `transfer`. */
export async function transferFiles(page: Page, files: readonly string[], expression: string): Promise<void> {
  const contents = await Promise.all(
    files.map(async (path) => ({
      name: path.replace(/.*\//, ''),
      base64: (await readFile(path)).toString('base64'),
    })),
  );
  await page.evaluate(`(() => {
    const transfer = new DataTransfer();
    for (const { name, base64 } of ${JSON.stringify(contents)}) {
      const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type: 'image/jpeg' }));
    }
    ${expression}
  })()`);
}

/** Faults that axe finds on the page as it stands, each with the elements that it blames. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.evaluate(await readFile(axe, 'utf8'));
  const { violations } = await page.evaluate<{
    violations: { id: string; nodes: { target: string[] }[] }[];
  }>('axe.run()');
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** Where something is on the screen, in CSS pixels. */
export interface ScreenBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All that a selector finds, measured in one step: a card may be drawn anew between two. @throws Error where there is none */
export async function boxesOf(page: Page, selector: string): Promise<readonly [ScreenBox, ...ScreenBox[]]> {
  const [first, ...others] = await page.evaluate<ScreenBox[]>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((one) => one.getBoundingClientRect().toJSON())`,
  );
  if (first === undefined) throw new Error(`Expected ${selector} on the page.`);
  return [first, ...others];
}

/** Pixels that the page is wider than its window. */
export function overhang(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}
