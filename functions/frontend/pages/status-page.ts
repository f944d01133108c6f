import { html, type Html } from '../view/html.ts';
import { statusView, type StatusReport } from '../view/status-view.ts';
import { layout, type PageFrame } from './layout.ts';

export interface StatusPageContent {
  /** The page's own, relative to its base. */
  readonly address: string;
  /** Undefined where `clip` did not answer. */
  readonly report: StatusReport | undefined;
  readonly asOf: Date;
}

/** How the service fares. It is whole without JavaScript; with it, the figures renew themselves. */
export function statusPage(frame: PageFrame, { address, report, asOf }: StatusPageContent): Html {
  const utc = asOf.toISOString();
  return layout(frame, {
    title: 'Status – What is in this picture?',
    address,
    current: 'Status',
    script: 'status.js',
    styles: ['facts.css', 'status.css'],
    main: html`
      <div class="hero">
        <h1>Status</h1>
        <p>How the classifier behind this page is doing.</p>
      </div>
      <div class="renewal">
        <p class="note">
          As of <time id="as-of" datetime="${utc}">${utc.slice(0, 19).replace('T', ' ')} UTC</time
          ><span id="pace"></span>
        </p>
        <a id="reload" class="button plain small" href="${address}">Reload</a>
        <button id="pause" type="button" class="button plain small" hidden>Pause</button>
      </div>
      <div id="trouble" class="card problem" ${report !== undefined && html` hidden`}>
        <h2 class="problem-title">The classifier does not answer</h2>
        <p id="trouble-text">It may be starting, busy or stopped. Reload this page in a moment.</p>
      </div>
      <div id="figures" class="figures">${report !== undefined && statusView(report)}</div>
      <p id="announcer" class="unseen-text" role="status"></p>
    `,
  });
}
