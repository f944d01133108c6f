import { html } from '../view/html.ts';
import { addressQuery, type Question } from '../view/question.ts';
import { shortResult } from '../view/result-view.ts';
import { Announcer } from './page/announcer.ts';
import { ClipHeads } from './page/clip-heads.ts';
import { CodePanel } from './page/code-panel.ts';
import { Corrector } from './page/corrector.ts';
import { build, element } from './page/element.ts';
import { takePictures } from './page/intake.ts';
import { PastPictures } from './page/past-pictures.ts';
import { Picture, type PictureContext } from './page/picture.ts';
import { thumbnail } from './page/prepare-picture.ts';
import { QuestionForm } from './page/question-form.ts';
import { ResultsBar } from './page/results-bar.ts';
import { TaskQueue } from './page/task-queue.ts';

/** Pictures under way at once: the next is uploaded while one is looked at. */
const AT_ONCE = 2;

/** Makes the page that works by itself a better one. Pages without the form (errors) are left as they are. */
function start(): void {
  const form = element('ask', HTMLFormElement);
  const results = element('results', HTMLElement);
  const announcer = new Announcer(element('announcer', HTMLParagraphElement));
  const heads = new ClipHeads();
  const code = new CodePanel();
  const past = new PastPictures();
  const pictures: Picture[] = [];
  const bar = new ResultsBar(() => pictures);
  /** Whose heads are offered. */
  let model = '';
  const again = askAgainButton(() => askAll());

  const questions = new QuestionForm((question, isChosen) => {
    arrange();
    code.show(question, heads.list);
    if (question.model !== model) void loadHeads();
    if (isChosen && !questions.isUnfinished) askAll();
  });

  const context: PictureContext = {
    announcer,
    heads,
    queue: new TaskQueue(AT_ONCE),
    corrector: new Corrector(),
    maxUploadBytes: Number(form.dataset.maxUploadBytes),
    question: () => questions.question,
    onAnswered: (picture, question) => {
      arrange();
      void remember(past, picture, question);
    },
    onFailed: () => arrange(),
    onRemoved: (picture) => {
      pictures.splice(pictures.indexOf(picture), 1);
      arrange();
      if (pictures.length === 0) element('image', HTMLInputElement).focus();
    },
  };

  function askAll(): void {
    if (questions.isUnfinished) {
      for (const picture of pictures) picture.card.showWaiting('Waiting for your words.');
      announcer.say('Write a few words to look for first.');
      questions.focusWords();
      return;
    }
    for (const picture of pictures) void picture.ask(questions.question);
  }

  function add(files: readonly File[]): void {
    const added = files.map((file) => new Picture(file, context));
    pictures.unshift(...added);
    results.prepend(...added.map((picture) => picture.card.element));
    arrange();
    if (questions.isUnfinished) askAll();
    else for (const picture of added) void picture.ask(questions.question);
    // On a phone the answer would stand below the picture, out of sight: its card goes to the top.
    const block = matchMedia('(max-width: 40rem)').matches ? 'start' : 'nearest';
    added[0]?.card.element.scrollIntoView({ block });
  }

  /** What a head is worth is another thing with each model. */
  async function loadHeads(): Promise<void> {
    model = questions.model;
    const list = await heads.load(model);
    if (list === undefined) return;
    questions.offer(list);
    code.show(questions.question, list);
  }

  function arrange(): void {
    const has = pictures.length > 0;
    document.body.classList.toggle('has-results', has);
    if (has) results.append(bar.element);
    else bar.element.remove();
    bar.refresh(questions.question);
    again.hidden = !has || questions.choice !== 'labels';
  }

  takePictures({
    form,
    fields: [element('image', HTMLInputElement), element('photo', HTMLInputElement)],
    onPictures: add,
    onFailure: (message) => announceVisibly(message),
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    askAll();
  });
  element('labels', HTMLTextAreaElement).addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) askAll();
  });
  element('ask-again', HTMLDivElement).replaceWith(again);
  element('after', HTMLDivElement).append(code.element, past.element);
  dress();
  arrange();
  code.show(questions.question, heads.list);
  void loadHeads();
}

/** What is there for people without JavaScript goes, what needs it comes. */
function dress(): void {
  document.body.classList.add('with-script');
  const hasTouch = matchMedia('(pointer: coarse)').matches;
  const field = element('image', HTMLInputElement);
  field.multiple = true;
  // It is emptied as soon as its pictures are taken.
  field.required = false;
  element('pick-label', HTMLSpanElement).textContent = 'Choose pictures';
  element('drop-hint', HTMLParagraphElement).hidden = hasTouch;
  element('camera', HTMLLabelElement).hidden = !hasTouch;
  for (const id of ['submit', 'submit-below']) element(id, HTMLButtonElement).hidden = true;
  element('after', HTMLDivElement).hidden = false;
  const main = element('main', HTMLElement);
  document.querySelector('.skip')?.addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
  });
}

function askAgainButton(ask: () => void): HTMLElement {
  const button = build(html`<button type="button" class="button" hidden>Ask with these words</button>`);
  button.addEventListener('click', ask);
  return button;
}

function announceVisibly(message: string): void {
  const note = element('picked', HTMLParagraphElement);
  note.hidden = false;
  note.textContent = message;
}

async function remember(past: PastPictures, picture: Picture, question: Question): Promise<void> {
  const answer = picture.answers[0];
  if (answer === undefined) return;
  past.add({
    name: picture.name,
    thumbnail: await thumbnail(picture.file),
    ...shortResult(answer),
    query: addressQuery(question),
    at: Date.now(),
  });
}

if (document.getElementById('ask') !== null) start();
