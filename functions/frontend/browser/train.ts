import { preparePicture } from './page/prepare-picture.ts';
import { Announcer } from './page/announcer.ts';
import { element } from './page/element.ts';
import { SendError } from './page/send-error.ts';
import { AccessPanel } from './train/access-panel.ts';
import type { BinActions } from './train/bin.ts';
import { Bins } from './train/bins.ts';
import { HeadChoice } from './train/head-choice.ts';
import { pauseOffline } from './train/pause.ts';
import { Token } from './train/token.ts';
import { Trainer } from './train/trainer.ts';
import { TrainingPanel } from './train/training-panel.ts';
import { UploadLine } from './train/upload-line.ts';
import { VersionsPanel } from './train/versions-panel.ts';

/** Makes the bench of the page: head, token, examples, training, versions. */
function start(): void {
  const bench = element('train-bench', HTMLDivElement);
  const maxUploadBytes = Number(bench.dataset.maxUploadBytes);
  const announcer = new Announcer(element('announcer', HTMLParagraphElement));
  const token = new Token();
  const trainer = new Trainer(token);
  let head = bench.dataset.head ?? '';
  const onUnauthorized = (error: SendError): void => access.show(error.message);

  const access = new AccessPanel(token, () => {
    void load();
    void line.resume();
  });
  const choice = new HeadChoice((id) => {
    for (const upload of line.cancel()) upload.fail(left(), false);
    head = id;
    bins.clear();
    training.clear();
    void load();
  });
  const training = new TrainingPanel({
    announcer,
    title: () => choice.title,
    train: (options, signal) => trainer.train(head, options, signal),
    onDone: () => void loadVersions(),
    onUnauthorized,
  });
  const versions = new VersionsPanel({
    announcer,
    rollBack: (version) => trainer.rollBack(head, version),
    removeHead: () => trainer.removeHead(head),
    onChange: () => {
      bins.clear();
      void load();
    },
    onUnauthorized,
  });
  const line = new UploadLine({
    prepare: (file) =>
      preparePicture(file, maxUploadBytes).then(
        ({ body }) => (body === file ? file : new File([body], file.name, { type: body.type })),
        () => file,
      ),
    send: (label, sending) => trainer.add(head, label, sending),
    onPause: ({ message }, ms) =>
      announcer.say(`${message} It goes on in ${Math.round(ms / 1_000)} seconds.`),
    pause: pauseOffline,
    onStop: onUnauthorized,
    onIdle: () => {
      announcer.say('All pictures are through.');
      // Not `load`: what was refused while they were on their way has still to be read.
      void show();
    },
  });
  const bins = new Bins({
    actionsOf: (label) => actionsOf(label),
    say: (text) => announcer.say(text),
    refuse,
    onChange: () => training.show(bins.counts),
  });

  function actionsOf(label: string): BinActions {
    return {
      say: (text) => announcer.say(text),
      onUploads: (uploads) => {
        if (access.hasConsent) {
          forgive();
          line.add(uploads);
          return;
        }
        for (const upload of uploads) upload.fail(noConsent(), true);
        announcer.say(noConsent().message);
        access.focusConsent();
      },
      onCancel: () => {
        for (const upload of line.cancel()) upload.fail(left(), true);
      },
      onRemoveLabel: () => void removeLabel(label),
      onRemoveExample: ({ sha256 }) => void change(() => trainer.removeExample(head, sha256)),
      loadThumbnail: ({ sha256 }) => trainer.thumbnail(head, sha256),
    };
  }

  async function removeLabel(label: string): Promise<void> {
    const pictures = bins.counts?.get(label) ?? 0;
    if (pictures > 0) {
      if (!confirm(`This removes ${label} with its ${pictures} pictures, for good. Go on?`)) return;
      await change(() => trainer.removeLabel(head, label));
    }
    if ((bins.counts?.get(label) ?? 0) === 0) bins.remove(label);
  }

  async function change(work: () => Promise<void>): Promise<void> {
    let failure: unknown;
    await work().catch((error: unknown) => (failure = error));
    await load();
    if (failure !== undefined) tell(failure);
  }

  /** Shows what is there now, and takes away what was said of an earlier failure. */
  async function load(): Promise<void> {
    forgive();
    await show();
  }

  async function show(): Promise<void> {
    await Promise.all([loadExamples(), loadVersions()]);
  }

  function forgive(): void {
    element('train-trouble', HTMLParagraphElement).hidden = true;
  }

  /** What comes for a head that is no longer looked at is left out. */
  async function loadExamples(): Promise<void> {
    const asked = head;
    const isReady = asked !== '' && token.value !== '';
    element('guide', HTMLElement).hidden = isReady;
    if (!isReady) {
      bins.hide();
      training.show(undefined);
      return;
    }
    try {
      const examples = await trainer.examples(asked);
      if (asked === head) bins.show(examples);
    } catch (error) {
      tell(error);
    }
  }

  async function loadVersions(): Promise<void> {
    const asked = head;
    try {
      const known = asked === '' ? undefined : await trainer.head(asked);
      if (asked === head) versions.show(asked, known);
    } catch (error) {
      tell(error);
    }
  }

  function tell(error: unknown): void {
    const text = error instanceof SendError ? error.message : 'That did not work. Load the page again.';
    // Said where the token is asked for.
    if (error instanceof SendError && error.code === 'unauthorized') onUnauthorized(error);
    else refuse(text);
  }

  function refuse(text: string): void {
    const trouble = element('train-trouble', HTMLParagraphElement);
    trouble.hidden = false;
    trouble.textContent = text;
    trouble.scrollIntoView({ block: 'nearest' });
  }

  document.body.classList.add('with-script');
  void load();
}

function noConsent(): SendError {
  const detail = 'Say first that the pictures may be kept: tick the box beside the token.';
  return new SendError({ code: 'no-consent', title: 'Not sent', detail });
}

function left(): SendError {
  return new SendError({ code: 'cancelled', title: 'Cancelled', detail: 'cancelled' });
}

start();
