import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import type { CreateFunction } from '../../shared/core/served-function.ts';
import { buildFunction } from '../../template/typescript/build.mjs';
import { silentLog } from '../fixtures/silent-log.ts';
import { ORANGE, pictures, TEAL, TOKEN, TrainerUnderTest, until } from '../functions/trainer/harness.ts';
import { CHROMIUM_NOTE, launchChromium } from './chromium.ts';

/** The page as it is built, before the real trainer and the real clip on a bundle of three colours. */
export class TrainFixture {
  own!: TrainerUnderTest;
  browser!: Browser;
  /** Files of each colour. */
  files!: Readonly<Record<'orange' | 'teal', readonly string[]>>;
  /** What the pages complained of. */
  readonly complaints: string[] = [];
  #directory!: string;
  /** What undoes the start, as far as that came. */
  readonly #undo: (() => Promise<unknown>)[] = [];
  readonly #contexts: BrowserContext[] = [];

  get url(): string {
    return `${this.own.gateway.url}/function/frontend/`;
  }

  async start(): Promise<void> {
    this.#directory = await mkdtemp(join(tmpdir(), 'train-page-'));
    this.#undo.push(() => rm(this.#directory, { recursive: true, force: true }));
    this.own = await TrainerUnderTest.start();
    this.#undo.push(() => this.own.stop());
    const outDir = join(this.#directory, 'frontend');
    const functionDir = fileURLToPath(new URL('../../functions/frontend', import.meta.url));
    await buildFunction({ functionDir, outDir });
    const handler = (await import(pathToFileURL(join(outDir, 'handler.js')).href)) as {
      createFunction: CreateFunction;
    };
    const frontend = await handler.createFunction({ gateway_url: this.own.gateway.url }, silentLog);
    this.#undo.push(() => frontend.close());
    this.own.gateway.functions.set('frontend', frontend);
    this.useTrainer();
    this.files = {
      orange: await this.#write('orange', await pictures(ORANGE, 8)),
      teal: await this.#write('teal', await pictures(TEAL, 8)),
    };
    this.browser = await launchChromium();
    this.#undo.push(() => this.browser.close());
  }

  /** @param fetch what stands before the trainer, or instead of it */
  useTrainer(
    fetch: (request: Request) => Promise<Response> = (request) => this.own.trainer.fetch(request),
  ): void {
    this.own.gateway.functions.set('trainer', { fetch });
  }

  /** @param path below the page's address */
  async open(path = 'train', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    context.setDefaultTimeout(30_000);
    this.#contexts.push(context);
    const page = await context.newPage();
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) this.complaints.push(message.text());
    });
    await page.goto(this.url + path);
    return page;
  }

  /** A page on which the head can be worked on. */
  async openHead(id: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open(`train?head=${id}`, options);
    await page.locator('#token').fill(TOKEN);
    await page.getByRole('button', { name: 'Use this token' }).click();
    await page.locator('#consent').check();
    await page.locator('#label').waitFor();
    return page;
  }

  /** Waits until clip has it: it looks for what is new once a second. */
  async servesVersion(head: string, version: string): Promise<void> {
    const [picture = new Uint8Array()] = await pictures(TEAL, 1);
    await until(async () => {
      const answer = await this.own.classify(head, picture);
      return ((await answer.json()) as { version?: string }).version === version;
    });
  }

  async closeContexts(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    expect(this.complaints.splice(0)).to.deep.equal([]);
  }

  async stop(): Promise<void> {
    for (const undo of this.#undo.splice(0).reverse()) await undo();
  }

  async #write(name: string, all: readonly Uint8Array[]): Promise<readonly string[]> {
    const folder = join(this.#directory, name);
    await mkdir(folder);
    const paths = all.map((_, at) => join(folder, `${at}.png`));
    await Promise.all(all.map((picture, at) => writeFile(paths[at] ?? '', picture)));
    return paths;
  }
}

/** A `describe` for tests of the Train page in a real Chromium; skipped in words where there is none. */
export function describeTrainPage(title: string, body: (fixture: TrainFixture) => void): void {
  const fixture = new TrainFixture();
  (CHROMIUM_NOTE === '' ? describe : describe.skip)(`${title}${CHROMIUM_NOTE}`, function () {
    this.timeout(120_000);
    before(() => fixture.start());
    afterEach(async () => {
      await fixture.closeContexts();
      fixture.useTrainer();
    });
    after(() => fixture.stop());
    body(fixture);
  });
}

/** The card of a label. */
export const binOf = (page: Page, label: string) =>
  page.locator('.bin').filter({ has: page.getByRole('heading', { name: label, exact: true }) });

export async function addLabel(page: Page, label: string): Promise<void> {
  await page.locator('#label').fill(label);
  await page.locator('#label').press('Enter');
}

/** Adds both colours, and waits until they are kept. */
export async function addColours(page: Page, files: TrainFixture['files']): Promise<void> {
  for (const label of ['orange', 'teal'] as const) {
    await addLabel(page, label);
    await binOf(page, label)
      .locator('[data-part="files"]')
      .setInputFiles([...files[label]]);
  }
  for (const label of ['orange', 'teal']) await binOf(page, label).getByText('8 pictures').first().waitFor();
}
