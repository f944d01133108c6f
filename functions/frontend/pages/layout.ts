import type { Assets } from '../assets.ts';
import type { FrontendConfig } from '../config.ts';
import { html, type Html } from '../view/html.ts';

/** What all pages share: where they live, and where their files are. */
export interface PageFrame {
  readonly publicPath: string;
  readonly maxUploadBytes: number;
  readonly styleUrl: string | undefined;
  /** Address of a file, if there is one: where the browser's code was not built, pages work without. */
  readonly urlOf: (path: string) => string | undefined;
  readonly iconUrl: string | undefined;
  readonly samples: readonly Sample[];
}

export interface Sample {
  /** File name below `samples/`. */
  readonly name: string;
  /** What the picture shows, for those who do not see it. */
  readonly title: string;
  readonly url: string;
}

/** Only pages that exist: each that comes adds its line here. */
const PAGES = [
  { href: './', title: 'Classify' },
  { href: 'train', title: 'Train' },
  { href: 'status', title: 'Status' },
  { href: '../clip/', title: 'API' },
];

export function pageFrame(config: FrontendConfig, assets: Assets): PageFrame {
  return {
    publicPath: config.publicPath,
    maxUploadBytes: config.maxUploadBytes,
    styleUrl: assets.urlOf('page.css'),
    urlOf: (path) => assets.urlOf(path),
    iconUrl: assets.urlOf('icon.svg'),
    samples: assets.list('samples').map((path) => {
      const name = path.replace('samples/', '');
      return { name, title: name.replace(/\.\w+$/, '').replaceAll('-', ' '), url: assets.urlOf(path) ?? '' };
    }),
  };
}

export interface PageContent {
  readonly title: string;
  /** The page's own address relative to its base, so that links within the page stay on it. */
  readonly address: string;
  /** The entry of the navigation that this page is. */
  readonly current?: string;
  /** Files of its own, below `assets/`. */
  readonly script?: string;
  readonly styles?: readonly string[];
  readonly main: Html;
  /** What is done with people's pictures, where it is something else than on most pages. */
  readonly privacy?: Html;
}

/** Every page: head, navigation, content, and what is done with people's pictures. */
export function layout(frame: PageFrame, content: PageContent): Html {
  const urlOf = (path: string | undefined) => (path === undefined ? undefined : frame.urlOf(path));
  const scriptUrl = urlOf(content.script);
  const styleUrls = [frame.styleUrl, ...(content.styles ?? []).map(urlOf)];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${content.title}</title>
        <base href="${frame.publicPath}" />
        ${frame.iconUrl !== undefined && html`<link rel="icon" href="${frame.iconUrl}" type="image/svg+xml" />`}
        ${styleUrls.map((url) => url !== undefined && html`<link rel="stylesheet" href="${url}" />`)}
        ${scriptUrl !== undefined && html`<script type="module" src="${scriptUrl}"></script>`}
      </head>
      <body>
        <a class="skip" href="${content.address}#main">Skip to the content</a>
        <header class="top">
          <a class="mark" href="./">${mark()}<span>clip functions</span></a>
          <nav aria-label="Pages">
            ${PAGES.map(
              ({ href, title }) =>
                html`<a href="${href}" ${title === content.current && html` aria-current="page"`}
                  >${title}</a
                >`,
            )}
          </nav>
        </header>
        <main id="main" tabindex="-1">${content.main}</main>
        ${content.privacy ?? privacy()}
      </body>
    </html> `;
}

/** A frame with something found in it. */
function mark(): Html {
  return html`<svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
    <path
      d="M3 8V5a2 2 0 0 1 2-2h3M16 3h3a2 2 0 0 1 2 2v3M21 16v3a2 2 0 0 1-2 2h-3M8 21H5a2 2 0 0 1-2-2v-3"
    />
    <circle cx="12" cy="12" r="3.5" />
  </svg>`;
}

/** @see functions/clip/config.ts for the settings */
function privacy(): Html {
  return html`<footer>
    <h2>What happens to your picture</h2>
    <p>
      It is looked at and forgotten: pictures sent here are <strong>not kept</strong>. What stays for a while
      is the picture’s hash, its size and format, and its embedding, the row of numbers that the model makes
      of it, so that the same picture is answered at once when it comes again. These live in the memory of the
      function <code>clip</code> until newer ones push them out or it restarts. Its setting
      <code>cache_bytes=0</code> turns that off. Only a picture whose answer you correct yourself is kept, as
      an example to learn from.
    </p>
    <p>The list of your past pictures is kept by your browser alone, and only you can see it.</p>
  </footer>`;
}
