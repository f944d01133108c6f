import { readFile } from 'node:fs/promises';
import { FormatError } from '../core/format-error.ts';

/**
 * Parses a JSON file of the installation.
 * @throws FormatError when it is no JSON; the file system's own error when it cannot be read
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FormatError(path, [{ field: 'file', message: `Expected JSON but received: ${reason}` }]);
  }
}
