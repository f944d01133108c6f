import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

/** What the functions need on one machine so that heads can be trained. */
export interface TrainingSettings {
  readonly environment: { readonly STORE_URL: string; readonly TRAINER_TOKEN: string };
  /** To print: a token that was made now, and is kept nowhere. */
  readonly text: string | undefined;
}

const TOKEN_BYTES = 18;
const ASKED_FOR = 'To teach it pictures of your own, the trainer asks for this token:';
const HOW_TO_KEEP = '  (good until Ctrl-C; TRAINER_TOKEN=… npm start takes yours. Classifying needs none.)';

/**
 * The embedded store below the working directory and a token made now, unless the environment says otherwise.
 * @param root the functions' working directory
 */
export function trainingSettings(env: NodeJS.ProcessEnv, root: string): TrainingSettings {
  const given = env.TRAINER_TOKEN ?? '';
  const token = given === '' ? randomBytes(TOKEN_BYTES).toString('base64url') : given;
  const storeUrl = env.STORE_URL ?? '';
  return {
    environment: {
      STORE_URL: storeUrl === '' ? `lmdb:${join(root, '.data', 'store')}` : storeUrl,
      TRAINER_TOKEN: token,
    },
    text: given === '' ? `${ASKED_FOR} ${token}\n${HOW_TO_KEEP}` : undefined,
  };
}
