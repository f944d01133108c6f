import { html, type Html } from './html.ts';

/**
 * The field `model` of the form `ask`: a list to choose from, if there is a choice. The default model is asked for by
 * naming none, so that a link goes on working where another one is the default.
 * @param models the default one first
 * @param asked  id that the question names; one that is not in the list is passed on, for `clip` to say what it makes of it
 */
export function modelChoice(models: readonly string[], asked: string): Html | undefined {
  const isKnown = asked === '' || models.includes(asked);
  if (models.length < 2 || !isKnown) {
    return asked === ''
      ? undefined
      : html`<input id="model" type="hidden" name="model" form="ask" value="${asked}" />`;
  }
  const [first = '', ...others] = models;
  const options = [[asked === first ? first : '', `${first}, the default`], ...others.map((id) => [id, id])];
  return html`<div class="row">
    <label for="model">Model</label>
    <select id="model" name="model" form="ask" autocomplete="off">
      ${options.map(
        ([value, title]) =>
          html`<option value="${value}" ${value === asked && html` selected`}>${title}</option>`,
      )}
    </select>
  </div>`;
}
