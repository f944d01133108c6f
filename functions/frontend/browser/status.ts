import { duration } from '../view/figures.ts';
import { statusView, type StatusReport } from '../view/status-view.ts';
import { Announcer } from './page/announcer.ts';
import { element } from './page/element.ts';
import { askStatus } from './status/ask-status.ts';
import { patch } from './status/patch.ts';
import { Refresher } from './status/refresher.ts';

const EVERY_MS = 5_000;
const RENEWED = `, renewed every ${EVERY_MS / 1_000} seconds`;
const LONGEST_MS = 60_000;
/** Of the gateway, which answers for a function that does not, in 60 s; nobody looks at a page for that long. */
const PATIENCE_MS = 10_000;

/** Renews the figures by themselves, as long as somebody looks at them. */
function start(): void {
  const figures = element('figures', HTMLDivElement);
  const trouble = element('trouble', HTMLDivElement);
  const pause = element('pause', HTMLButtonElement);
  const announcer = new Announcer(element('announcer', HTMLParagraphElement));
  let isPaused = false;
  let lastHeads: StatusReport['heads'];

  const refresher = new Refresher<StatusReport>({
    ask: askStatus,
    everyMs: EVERY_MS,
    longestMs: LONGEST_MS,
    patienceMs: PATIENCE_MS,
    onFresh: ({ status, heads, trainer }) => {
      lastHeads = heads ?? lastHeads;
      patch(figures, statusView({ status, heads: lastHeads, trainer }));
      showTime(new Date());
      // Figures that change are not read out; that the service is there again is.
      if (!trouble.hidden) announcer.say('The classifier answers again.');
      trouble.hidden = true;
      showPace(RENEWED);
    },
    onAway: (nextMs) => {
      const wasThere = trouble.hidden;
      trouble.hidden = false;
      showTrouble(`It is asked again in ${duration(nextMs / 1_000)}.`, figures);
      showPace('');
      if (wasThere) announcer.say('The classifier does not answer.');
    },
  });

  const follow = (): void => {
    if (document.hidden || isPaused) refresher.stop();
    else refresher.askNow();
  };
  document.addEventListener('visibilitychange', follow);
  addEventListener('online', follow);
  pause.addEventListener('click', () => {
    isPaused = !isPaused;
    pause.textContent = isPaused ? 'Go on' : 'Pause';
    showPace(isPaused ? ', paused' : RENEWED);
    if (isPaused && !trouble.hidden) showTrouble('Press “Go on” to ask again.', figures);
    follow();
  });
  pause.hidden = false;
  showTime(new Date(element('as-of', HTMLElement).getAttribute('datetime') ?? ''));
  if (trouble.hidden) showPace(RENEWED);
  else showTrouble(`It is asked again in ${duration(EVERY_MS / 1_000)}.`, figures);
  if (!document.hidden) refresher.askLater();
}

function showTime(at: Date): void {
  const time = element('as-of', HTMLElement);
  time.setAttribute('datetime', at.toISOString());
  time.textContent = at.toLocaleTimeString();
}

function showPace(pace: string): void {
  element('pace', HTMLSpanElement).textContent = pace;
}

function showTrouble(next: string, figures: HTMLElement): void {
  const stale = figures.childElementCount > 0 ? ' The figures below are the last that came.' : '';
  const text = `It may be starting, busy or stopped, or the network is down. ${next}${stale}`;
  element('trouble-text', HTMLParagraphElement).textContent = text;
}

start();
