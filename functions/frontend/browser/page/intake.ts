/** Where pictures come from: files picked, dropped or pasted, the camera, and samples. */
export interface Intake {
  readonly form: HTMLFormElement;
  /** File fields: to choose, and to photograph. */
  readonly fields: readonly HTMLInputElement[];
  readonly onPictures: (files: readonly File[]) => void;
  /** Told when a sample could not be loaded. */
  readonly onFailure: (message: string) => void;
}

export function takePictures(intake: Intake): void {
  for (const field of intake.fields) {
    field.addEventListener('change', () => {
      const files = [...(field.files ?? [])];
      // Emptied, so that the same file can be chosen again.
      field.value = '';
      offer(intake, files);
    });
  }
  takeDrops(intake);
  takePastes(intake);
  intake.form.addEventListener('click', (event) => {
    const button =
      event.target instanceof Element ? event.target.closest<HTMLButtonElement>('[name="sample"]') : null;
    if (button === null) return;
    event.preventDefault();
    void takeSample(intake, button);
  });
}

/** Files may be dropped anywhere: missing the field must not make the browser leave the page for the picture. */
function takeDrops(intake: Intake): void {
  const isFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  const mark = (isDragging: boolean): void => {
    document.body.classList.toggle('is-dragging', isDragging);
  };
  document.addEventListener('dragover', (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) mark(false);
  });
  document.addEventListener('drop', (event) => {
    mark(false);
    if (!isFiles(event)) return;
    event.preventDefault();
    offer(intake, [...(event.dataTransfer?.files ?? [])]);
  });
}

/** Text that is pasted into a field stays the field's. */
function takePastes(intake: Intake): void {
  document.addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    offer(intake, files);
  });
}

async function takeSample(intake: Intake, button: HTMLButtonElement): Promise<void> {
  try {
    const response = await fetch(new URL(button.dataset.url ?? '', document.baseURI), {
      signal: AbortSignal.timeout(20_000),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const picture = await response.blob();
    intake.onPictures([new File([picture], button.value, { type: picture.type })]);
  } catch {
    intake.onFailure('The sample could not be loaded: the server cannot be reached. Try again in a moment.');
  }
}

function offer(intake: Intake, files: readonly File[]): void {
  if (files.length > 0) intake.onPictures(files);
}
