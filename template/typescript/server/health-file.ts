import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * The file that of-watchdog's `/_/health` looks for, and with it the probes of Kubernetes in the Community Edition. The watchdog
 * makes it as soon as it has started this process, which then needs a moment, on a busy node seconds, until it listens:
 * calls of that time would fail. With `suppress_lock` the watchdog leaves the file to us.
 */
export class HealthFile {
  readonly #path: string | undefined;

  constructor({ isOurs, folder = tmpdir() }: { isOurs: boolean; folder?: string }) {
    this.#path = isOurs ? join(folder, '.lock') : undefined;
  }

  /** A container that is started again finds the file of the one before. */
  async clear(): Promise<void> {
    if (this.#path !== undefined) await rm(this.#path, { force: true });
  }

  async write(): Promise<void> {
    if (this.#path !== undefined) await writeFile(this.#path, '');
  }
}
