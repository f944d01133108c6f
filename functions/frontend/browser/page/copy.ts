/**
 * Copies a text and says so on the button for a moment. Where a page may not write to the clipboard (plain http on
 * another machine), the text is selected instead, ready for the person's own copy.
 * @param source where the text stands, if it stands on the page
 */
export async function copy(text: string, button: HTMLButtonElement, source?: HTMLElement): Promise<void> {
  const usual = button.dataset.text ?? button.textContent;
  button.dataset.text = usual;
  button.textContent = (await isWritten(text)) ? 'Copied' : selected(text, source);
  setTimeout(() => (button.textContent = usual), 2_500);
}

async function isWritten(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function selected(text: string, source: HTMLElement | undefined): string {
  if (source === undefined) {
    prompt('Copy this:', text);
    return 'Shown';
  }
  getSelection()?.selectAllChildren(source);
  return 'Selected: press Ctrl+C';
}
