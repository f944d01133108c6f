import { headVersion } from '../../core/head-version.ts';
import { parseHead } from '../../core/head-file.ts';
import type { LinearHead } from '../../core/head.ts';

/**
 * A head's bytes, believed only when they are what they should be.
 * @param expected.version undefined where any version will do
 * @throws Error or FormatError saying what is wrong with them
 */
export async function readHead(
  bytes: Uint8Array,
  expected: { id: string; revision: string; version?: string },
): Promise<LinearHead> {
  const head = parseHead(bytes);
  const version = await headVersion(head);
  if (version !== head.version || (expected.version !== undefined && version !== expected.version)) {
    throw new Error(`Expected ${expected.version ?? head.version} for \`version\` but received ${version}.`);
  }
  if (head.id !== expected.id || head.bundleRevision !== expected.revision) {
    throw new Error(
      `Expected ${expected.id} of ${expected.revision} but received ${head.id} of ${head.bundleRevision}.`,
    );
  }
  return head;
}
