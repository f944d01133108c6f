import type { Bundle } from '../../../shared/core/bundle.ts';
import { FormatError } from '../../../shared/core/format-error.ts';
import type { LinearHead } from '../../../shared/core/head.ts';
import type { Log } from '../../../shared/core/log.ts';
import { readPreparedHead } from '../../../shared/io/head-directory.ts';

/**
 * The head that was prepared for this bundle. Where one lies there that is damaged or of another revision, the log says so and
 * the answer is undefined: the prompts are asked instead.
 */
export async function preparedHead(bundle: Bundle, id: string, log: Log): Promise<LinearHead | undefined> {
  const refuse = (reason: string): void => {
    log.warn(
      { model: bundle.manifest.id, head: id, reason },
      'The prepared head is not used, but its prompts',
    );
  };
  try {
    return await readPreparedHead(bundle, id, ({ kind, bundleRevision }) => {
      refuse(`It is a ${kind} head of the bundle's revision ${bundleRevision}.`);
    });
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    refuse(error.message);
    return undefined;
  }
}
