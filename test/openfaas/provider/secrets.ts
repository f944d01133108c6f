import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/;

/** Secrets as files of one folder, which is what a function gets to see of them. */
export class Secrets {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async names(): Promise<readonly string[]> {
    return (await readdir(this.folder).catch(() => [])).sort();
  }

  async has(name: string): Promise<boolean> {
    return (await this.names()).includes(name);
  }

  /** @throws Error for a name that is no file's */
  async set(name: string, value: string): Promise<void> {
    if (!NAME.test(name))
      throw new Error(`Expected a name of small letters and digits but received ${name}.`);
    await mkdir(this.folder, { recursive: true });
    await writeFile(join(this.folder, name), value, { mode: 0o600 });
  }

  async remove(name: string): Promise<void> {
    if (await this.has(name)) await rm(join(this.folder, name));
  }
}
