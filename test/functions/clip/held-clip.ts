import { parseConfig } from '../../../functions/clip/config.ts';
import { createClip } from '../../../functions/clip/handler.ts';
import { serveEncoder, type ModelSurroundings } from '../../../functions/clip/models/model.ts';
import type { Environment } from '../../../shared/core/settings.ts';
import { readBundle } from '../../../shared/io/bundle-directory.ts';
import type { Encoder } from '../../../shared/io/encoder.ts';
import { makeTinyModels, writeTinyBundle } from '../../fixtures/tiny-bundle.ts';
import { RecordedLog } from '../../fixtures/recorded-log.ts';
import { underTest, type ClipUnderTest } from './harness.ts';

/** clip with an encoder that waits for its test: what happens while much is under way can be looked at in peace. */
export interface HeldClip {
  readonly clip: ClipUnderTest;
  /** Sizes of the runs so far. */
  readonly runs: number[];
  /** Lets everything pass, now and from now on. */
  readonly release: () => void;
  /** Pictures waiting or being worked on. */
  readonly inFlight: () => Promise<number>;
}

export interface HeldOptions {
  readonly env?: Environment;
  /** What waits; the other kinds pass. */
  readonly hold?: 'images' | 'texts' | 'other-model';
  /** Thrown by the encoder in place of an answer. */
  readonly failure?: Error;
  /** Whether the encoder's thread lives. */
  readonly isRunning?: () => boolean;
}

export async function startHeld(options: HeldOptions = {}): Promise<HeldClip> {
  const { env = {}, hold = 'images', failure, isRunning = () => true } = options;
  const models = await makeTinyModels();
  await writeTinyBundle(models.directory, { id: 'other' });
  const runs: number[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const pass = (kind: HeldOptions['hold']) => (kind === hold ? released : Promise.resolve());

  async function load(id: string, surroundings: ModelSurroundings) {
    if (id === 'other') await pass('other-model');
    const bundle = await readBundle(`${models.directory}/${id}`);
    const answer = async (kind: 'images' | 'texts', count: number) => {
      if (kind === 'images') runs.push(count);
      await pass(kind);
      if (failure !== undefined && kind === 'images') throw failure;
      return Array.from({ length: count }, () => Float32Array.of(1, 0, 0, 0));
    };
    const encoder: Encoder = {
      bundle,
      encodeImages: (pixels) => answer('images', pixels.length),
      encodeTexts: (texts) => answer('texts', texts.length),
      readDigits: (pictures) =>
        Promise.resolve(pictures.map(() => ({ logits: new Float32Array(10), found: 0 }))),
      isRunning,
      close: () => Promise.resolve(),
    };
    const model = serveEncoder(encoder, surroundings);
    model.heads.loadAll().catch(() => undefined);
    return model;
  }

  const log = new RecordedLog();
  const settings = { models_dir: models.directory, CLIP_MODEL: 'tiny', ...env };
  const served = await createClip(parseConfig(settings), log, load);
  const clip = await underTest(served, { log, modelsDir: models.directory, stop: () => models.remove() });
  return {
    clip,
    runs,
    release,
    inFlight: async () => {
      const status = (await (await clip.fetch('/status')).json()) as { queue: { images: number } };
      return status.queue.images;
    },
  };
}

/** Looks until it is so; the test's own limit ends it. */
export async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 2));
}
