import { ANY_HEAD, OWN_LABELS, type HeadSummary } from '../../view/head-summary.ts';
import { choiceOf, headChoices } from '../../view/head-choices.ts';
import { addressQuery, DEFAULT_TOP, readQuestion, splitLabels, type Question } from '../../view/question.ts';
import { element, fill } from './element.ts';

const STORAGE_KEY = 'clip-question';

/**
 * The controls that say what to look for. Their state is remembered by the browser and stands in the page's address, so
 * that the address can be passed on; an address that says something wins over what was remembered.
 */
export class QuestionForm {
  readonly #heads = element('heads', HTMLFieldSetElement);
  readonly #labels = element('labels', HTMLTextAreaElement);
  readonly #template = element('template', HTMLInputElement);
  readonly #top = element('top', HTMLSelectElement);
  /** There if there is a choice, or if the address names a model. */
  readonly #model = document.querySelector<HTMLSelectElement | HTMLInputElement>('#model');

  /** @param onChange told of the present question, `true` when another head or number of answers was chosen */
  constructor(onChange: (question: Question, isChosen: boolean) => void) {
    const linked = readQuestion(new URLSearchParams(location.search));
    if (isEmpty(linked)) this.#show(remembered());
    else {
      this.#isLinked = true;
      element('link-note', HTMLParagraphElement).hidden = false;
    }
    const changed = (isChosen: boolean) => () => {
      this.#remember();
      onChange(this.question, isChosen);
    };
    this.#heads.addEventListener('change', changed(true));
    this.#top.addEventListener('change', changed(true));
    this.#model?.addEventListener('change', changed(true));
    this.#labels.addEventListener('input', changed(false));
    this.#template.addEventListener('input', changed(false));
    addEventListener('popstate', () => location.reload());
  }

  /** Id of a head, `*` or `labels`. */
  get choice(): string {
    const checked = this.#heads.querySelector<HTMLInputElement>(':checked');
    return this.#wished ?? checked?.value ?? ANY_HEAD;
  }

  /** Id of the chosen model; empty for the default one. */
  get model(): string {
    return this.#model?.value ?? '';
  }

  get question(): Question {
    const isOwn = this.choice === OWN_LABELS;
    return {
      heads: isOwn ? [] : [this.choice],
      labels: isOwn ? splitLabels(this.#labels.value) : [],
      template: isOwn ? this.#template.value.trim() : '',
      top: this.#top.value,
      model: this.model,
    };
  }

  /** Own words are chosen but none is written. */
  get isUnfinished(): boolean {
    return this.choice === OWN_LABELS && this.question.labels.length === 0;
  }

  focusWords(): void {
    this.#labels.focus();
  }

  /** Offers these heads; the choice stays. */
  offer(heads: readonly HeadSummary[]): void {
    const hadFocus = this.#heads.contains(document.activeElement);
    const wished = this.choice;
    const isThere = this.#isLinked || isOffered(wished, heads);
    const legend = this.#heads.querySelector('legend');
    fill(this.#heads, headChoices(heads, isThere ? wished : ANY_HEAD));
    this.#wished = undefined;
    if (legend !== null) this.#heads.prepend(legend);
    if (hadFocus) this.#heads.querySelector<HTMLInputElement>(':checked')?.focus();
  }

  /** A head that was remembered and is not on the page: it may come with the list. */
  #wished: string | undefined;
  /** The address names what is asked, and is taken at its word. */
  #isLinked = false;

  #show(question: Question): void {
    const choice = choiceOf(question);
    const button = this.#heads.querySelector<HTMLInputElement>(`[value="${CSS.escape(choice)}"]`);
    if (button === null) this.#wished = choice;
    else button.checked = true;
    this.#labels.value = question.labels.join('\n');
    this.#template.value = question.template;
    choose(this.#top, question.top);
    if (this.#model instanceof HTMLSelectElement) choose(this.#model, question.model);
  }

  #remember(): void {
    this.#wished = undefined;
    // Words that no address can carry are remembered all the same.
    const query = addressQuery(this.question) ?? '';
    history.replaceState(null, '', `${location.pathname}${query === '' ? '' : `?${query}`}`);
    try {
      // The words stay remembered while a head is chosen: they were work.
      const labels = splitLabels(this.#labels.value);
      const kept = {
        choice: this.choice,
        labels,
        template: this.#template.value,
        top: this.#top.value,
        model: this.model,
      };
      localStorage.setItem(STORAGE_KEY, JSON.stringify(kept));
    } catch {
      // A browser that keeps nothing: the page works all the same.
    }
  }
}

function isOffered(choice: string, heads: readonly HeadSummary[]): boolean {
  return choice === ANY_HEAD || choice === OWN_LABELS || heads.some(({ id }) => id === choice);
}

/** Leaves the list as it is where it has no such value. */
function choose(list: HTMLSelectElement, value: string): void {
  if ([...list.options].some((option) => option.value === value)) list.value = value;
}

function isEmpty(question: Question): boolean {
  return addressQuery(question) === '';
}

function remembered(): Question {
  const nothing = { heads: [], labels: [], template: '', top: DEFAULT_TOP, model: '' };
  try {
    const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Record<string, unknown>;
    const text = (value: unknown): string => (typeof value === 'string' ? value : '');
    const labels = Array.isArray(kept.labels) ? kept.labels.map(text).filter((label) => label !== '') : [];
    return {
      ...nothing,
      heads: [text(kept.choice) || ANY_HEAD],
      labels,
      template: text(kept.template),
      top: text(kept.top),
      model: text(kept.model),
    };
  } catch {
    return nothing;
  }
}
