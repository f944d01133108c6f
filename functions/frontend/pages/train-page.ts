import { html, type Html } from '../view/html.ts';
import type { TrainableHead } from '../view/trainable-heads.ts';
import type { TrainingState } from '../view/trainer-status.ts';
import type { TrainedHead } from '../view/training-record.ts';
import { trainingExplanation } from '../view/training-state.ts';
import { versionTable } from '../view/version-table.ts';
import { layout, type PageFrame } from './layout.ts';

export interface TrainPageContent {
  /** The page's own, relative to its base. */
  readonly address: string;
  readonly state: TrainingState;
  readonly heads: readonly TrainableHead[];
  /** Id of the head that the address names; empty for none. */
  readonly chosen: string;
  /** Undefined where it was never trained and has no examples. */
  readonly head: TrainedHead | undefined;
}

/**
 * Heads made of people's own pictures. Its bench is the browser's work; without JavaScript, or without a trainer, the page
 * says what there is to know and to do.
 */
export function trainPage(frame: PageFrame, content: TrainPageContent): Html {
  const { state, address } = content;
  return layout(frame, {
    title: 'Train – What is in this picture?',
    address,
    current: 'Train',
    ...(state === 'on' && { script: 'train.js' }),
    styles: ['facts.css', 'train.css'],
    privacy: privacy(),
    main: html`
      <div class="hero">
        <h1>Teach it your own labels</h1>
        <p>Show it a few pictures of each. A head learns them in seconds, and answers at once.</p>
      </div>
      ${trainingExplanation(state)} ${state === 'on' && html`<noscript>${withoutScript()}</noscript>`}
      ${(state === 'on' || state === 'off') && bench(frame, content)}
      <p id="announcer" class="unseen-text" role="status"></p>
    `,
  });
}

function bench(frame: PageFrame, { state, heads, chosen, head }: TrainPageContent): Html {
  const isNew = chosen !== '' && !heads.some(({ id }) => id === chosen);
  return html`<div
    id="train-bench"
    class="train-bench"
    data-max-upload-bytes="${frame.maxUploadBytes}"
    data-head="${chosen}"
  >
    <div class="options">
      <form id="choose" method="get" action="train" class="fields">
        <h2>What to train</h2>
        <label for="head">Head</label>
        <select id="head" name="head" autocomplete="off">
          ${isNew && html`<option value="${chosen}" selected>${chosen}</option>`}
          ${heads.map(
            ({ id, title }) =>
              html`<option value="${id}" ${id === chosen && html` selected`}>${title}</option>`,
          )}
          <option value="" ${chosen === '' && html` selected`}>A new head …</option>
        </select>
        <div id="new-head" class="fields" hidden></div>
        <button id="open" class="button plain" type="submit">Show its versions</button>
      </form>
      <div id="access" class="fields" hidden></div>
    </div>
    <div class="work">
      <p id="train-trouble" class="card problem" role="alert" hidden></p>
      ${state === 'on' && guide()} ${state === 'on' && html`<div id="examples" class="panel" hidden></div>`}
      ${state === 'on' && html`<div id="training" class="panel" hidden></div>`}
      <section class="panel" aria-labelledby="versions-title">
        <h2 id="versions-title">Versions</h2>
        <div id="versions" class="panel">
          ${
            chosen === ''
              ? html`<p class="note">Choose a head to see what it was trained with and how well it does.</p>`
              : head === undefined
                ? html`<p class="note">The head ${chosen} was not trained, and has no examples.</p>`
                : versionTable(head, false)
          }
        </div>
      </section>
    </div>
  </div>`;
}

/** Shown until there is a head and a token. */
function guide(): Html {
  return html`<section id="guide" class="guide" aria-labelledby="guide-title" hidden>
    <h2 id="guide-title">How it goes</h2>
    <ol>
      <li><b>Choose a head,</b> or name a new one. What came with the model may be trained further too.</li>
      <li><b>Give the token</b> that guards this service, and agree that the pictures are kept.</li>
      <li><b>Add pictures</b> to two labels or more: five of each at least, twenty do better.</li>
      <li>
        <b>Train.</b> It takes seconds. You see how well the head did before and after on pictures that it
        never saw, and can go back to any version.
      </li>
    </ol>
  </section>`;
}

function withoutScript(): Html {
  return html`<section class="card explanation" aria-labelledby="script-title">
    <h2 id="script-title">This needs JavaScript</h2>
    <p>
      Without JavaScript this page shows the versions of a head and their figures. Adding pictures, training,
      going back to a version and removing examples are done in the browser with it, or by program:
    </p>
    <pre
      tabindex="0"
      role="region"
      aria-label="Commands"
    ><code>TRAINER_TOKEN=… npm run train -- --head three-dogs --data ./pictures --gateway URL</code></pre>
    <p>The folder holds one folder of pictures for each label.</p>
  </section>`;
}

/** Unlike a picture that is asked about, an example is kept: that is what it is given for. */
function privacy(): Html {
  return html`<footer>
    <h2>What happens to your pictures</h2>
    <p>
      Examples <strong>are kept</strong>, since a head is trained on all of them: of each its label, hash and
      embeddings, and a JPEG of 256 pixels on its shorter side; not the file itself. Whoever has the token can
      see and remove them. They stay until somebody does, and with a head all of its examples go.
    </p>
    <p>The token is kept by this tab until you close it, and is never part of an address.</p>
  </footer>`;
}
