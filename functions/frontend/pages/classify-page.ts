import type { Answer } from '../view/answer.ts';
import { byteCount, sizeLimit } from '../view/figures.ts';
import { choiceOf, headChoices } from '../view/head-choices.ts';
import { html, type Html } from '../view/html.ts';
import { modelChoice } from '../view/model-choice.ts';
import { leftOut } from '../view/left-out.ts';
import type { Offer } from '../view/offer.ts';
import { addressQuery, DEFAULT_TOP, isTop, type Question } from '../view/question.ts';
import { resultView } from '../view/result-view.ts';
import { layout, type PageFrame } from './layout.ts';
import { inlinePicture } from './inline-picture.ts';

export interface ClassifyPageContent {
  /** The page's own, relative to its base. */
  readonly address: string;
  /** What the controls show. */
  readonly question: Question;
  readonly offer: Offer;
  /** After a form was sent without JavaScript. */
  readonly result?: {
    readonly answers: readonly Answer[];
    readonly picture: Uint8Array;
    /** Whether there is room to send the picture back with the page. */
    readonly isShown: boolean;
  };
}

const FORMATS = 'JPEG, PNG, WebP, GIF, AVIF, TIFF or BMP';
const TOPS = ['3', '5', '10', '20'];

/** The page to ask on, and without JavaScript also the page with the answer: the next picture can be asked right there. */
export function classifyPage(frame: PageFrame, content: ClassifyPageContent): Html {
  const top = content.result?.answers[0]?.predictions[0]?.label;
  return layout(frame, {
    title: top === undefined ? 'What is in this picture?' : `${top} – What is in this picture?`,
    address: content.address,
    current: 'Classify',
    script: 'page.js',
    main: html`
      <div class="hero">
        <h1>What is in this picture?</h1>
        <p>Give it a photograph. It answers in words, and says how sure it is.</p>
      </div>
      <div class="bench">
        ${picker(frame)}
        <section id="results" class="results" aria-label="Results">
          ${content.result !== undefined && resultCard(content.result, content)}
        </section>
        ${options(content)}
      </div>
      <div id="after" class="after" hidden></div>
      <p id="announcer" class="unseen-text" role="status"></p>
    `,
  });
}

function picker(frame: PageFrame): Html {
  return html`<form
    id="ask"
    class="picker"
    method="post"
    action="classify#results"
    enctype="multipart/form-data"
    data-max-upload-bytes="${frame.maxUploadBytes}"
  >
    <div id="drop" class="drop">
      <label class="button" for="image"
        ><span id="pick-label">Choose a picture</span
        ><input
          id="image"
          class="file"
          type="file"
          name="image"
          accept="image/*,.heic,.heif"
          required
          aria-describedby="pick-hint"
      /></label>
      <button id="submit" class="button" type="submit">Say what it is</button>
      <label id="camera" class="button plain" for="photo" hidden
        ><span>Take a photo</span
        ><input id="photo" class="file" type="file" accept="image/*" capture="environment"
      /></label>
      <p id="drop-hint" class="note" hidden>Or drop or paste them anywhere on this page.</p>
      <p id="pick-hint" class="note">${FORMATS}, up to ${sizeLimit(frame.maxUploadBytes)}.</p>
      <p id="picked" class="note" role="status" hidden></p>
    </div>
    ${
      frame.samples.length > 0 &&
      html`<div class="samples" role="group" aria-label="Sample pictures">
        <span class="note">Or try one of these:</span>
        ${frame.samples.map(
          ({ name, title, url }) =>
            html`<button type="submit" name="sample" value="${name}" data-url="${url}" formnovalidate>
              <img src="${url}" alt="${title}" width="72" height="72" />
            </button>`,
        )}
      </div>`
    }
  </form>`;
}

function options({ question, offer, result }: ClassifyPageContent): Html {
  const isLinked = result === undefined;
  return html`<section class="options" aria-labelledby="options-title">
    <h2 id="options-title">What to look for</h2>
    <p id="link-note" class="note" hidden>
      This link brought its own question with it. Give it a picture to ask it again.
    </p>
    ${isLinked && dropped(question)}
    <fieldset id="heads" class="choices">
      <legend class="unseen-text">List of labels</legend>
      ${headChoices(offer.heads, choiceOf(question))}
    </fieldset>
    <div class="own">
      <label for="labels">Words <small>one a line, or with commas between</small></label>
      <textarea id="labels" name="labels" form="ask" rows="4" maxlength="60000" spellcheck="false">
${question.labels.join('\n')}</textarea>
      <label for="template">Sentence around each <small>keep the {}</small></label>
      <input
        id="template"
        name="template"
        form="ask"
        type="text"
        maxlength="200"
        value="${question.template}"
        placeholder="a photo of a {}"
        autocomplete="off"
      />
    </div>
    <div class="row">
      <label for="top">Answers</label>
      <select id="top" name="top" form="ask">
        ${topChoices(topOf(question)).map(
          (value) => html`<option${value === topOf(question) && html` selected`}>${value}</option>`,
        )}
      </select>
    </div>
    ${modelChoice(offer.models, question.model)}
    <button id="submit-below" class="button plain" type="submit" form="ask">Ask with these settings</button>
    <div id="ask-again" class="row" hidden></div>
  </section>`;
}

/** What a link asks and the controls cannot show. */
function dropped(question: Question): Html | undefined {
  const said = leftOut(question);
  if (said.length === 0) return undefined;
  return html`<p id="left-out" class="note warning" role="note">
    Not all of this link can be asked here. ${said.join(' ')}
  </p>`;
}

function topOf({ top }: Question): string {
  return isTop(top) ? top : DEFAULT_TOP;
}

function topChoices(asked: string): readonly string[] {
  return TOPS.includes(asked) ? TOPS : [...TOPS, asked].sort((a, b) => Number(a) - Number(b));
}

function resultCard(
  result: NonNullable<ClassifyPageContent['result']>,
  { offer, question }: ClassifyPageContent,
): Html {
  const image = result.answers[0]?.image;
  const query = addressQuery(question) ?? '';
  const source = result.isShown ? inlinePicture(result.picture, image?.format ?? '') : undefined;
  return html`<article class="card">
    ${source !== undefined && html`<img class="preview" src="${source}" alt="The picture you sent" />`}
    <div class="said">
      ${resultView(result.answers, offer.heads)}
      <p class="note">
        ${image !== undefined && `${image.width} × ${image.height}, ${byteCount(result.picture.byteLength)}. `}Model
        ${result.answers[0]?.model.id}.
      </p>
      <p><a class="button plain" href="./${query === '' ? '' : `?${query}`}">Ask about another picture</a></p>
    </div>
  </article>`;
}
