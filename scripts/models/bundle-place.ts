import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../command/user-error.ts';

/** The directories that a bundle passes through. All lie in the models folder, so that a rename is atomic. */
export class BundlePlace {
  readonly id: string;
  readonly modelsDir: string;
  /** Where the bundle is served from; there only once it is whole. */
  readonly target: string;
  /** Where it is put together. The last part is the bundle's id, so that it can be read there already. */
  readonly unfinished: string;
  readonly #lock: string;

  constructor(modelsDir: string, id: string) {
    this.id = id;
    this.modelsDir = modelsDir;
    this.target = join(modelsDir, id);
    this.unfinished = join(modelsDir, `.partial-${id}`, id);
    this.#lock = join(modelsDir, `.lock-${id}`);
  }

  /**
   * Runs `work` while no other process works on this bundle. The lock of a process that is gone is taken over.
   * @throws UserError when another process holds it
   */
  async locked<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(this.modelsDir, { recursive: true });
    const owner = JSON.stringify({ pid: process.pid, host: hostname(), key: randomUUID() });
    await this.#take(owner);
    try {
      return await work();
    } finally {
      await rm(this.#lock, { recursive: true, force: true });
    }
  }

  /** Moves the finished directory into place, in one step for every reader, over what was there. */
  async putInPlace(): Promise<void> {
    const old = join(this.modelsDir, `.old-${this.id}-${randomUUID()}`);
    const replaced = await moved(this.target, old);
    await rename(this.unfinished, this.target);
    await syncDirectory(this.modelsDir);
    if (replaced) await rm(old, { recursive: true, force: true });
    await rm(join(this.unfinished, '..'), { recursive: true, force: true });
  }

  /** @returns whether there was anything */
  async remove(): Promise<boolean> {
    const old = join(this.modelsDir, `.old-${this.id}-${randomUUID()}`);
    const removed = await moved(this.target, old);
    await rm(old, { recursive: true, force: true });
    const partial = await moved(join(this.unfinished, '..'), old);
    await rm(old, { recursive: true, force: true });
    return removed || partial;
  }

  /** A directory that appears with its content: rename onto one that is there fails. */
  async #take(owner: string): Promise<void> {
    const mine = `${this.#lock}.${randomUUID()}`;
    await mkdir(mine);
    await writeFile(join(mine, 'owner.json'), owner);
    try {
      if (await moved(mine, this.#lock)) return;
      const holder = await readFile(join(this.#lock, 'owner.json'), 'utf8').catch(() => '');
      if (isAlive(holder)) throw heldBy(this.id, holder);
      await this.#breakLock(holder);
      if (!(await moved(mine, this.#lock))) throw heldBy(this.id, '');
    } finally {
      await rm(mine, { recursive: true, force: true });
    }
  }

  /** Takes a dead owner's lock away; one that another process put there meanwhile is put back. */
  async #breakLock(holder: string): Promise<void> {
    const stale = `${this.#lock}.${randomUUID()}`;
    if (!(await moved(this.#lock, stale))) return;
    const found = await readFile(join(stale, 'owner.json'), 'utf8').catch(() => '');
    if (found !== holder) await moved(stale, this.#lock);
    await rm(stale, { recursive: true, force: true });
  }
}

function heldBy(id: string, holder: string): UserError {
  const pid = /"pid":(\d+)/.exec(holder)?.[1];
  const who = pid === undefined ? 'Another process' : `Process ${pid}`;
  return new UserError(`${who} is working on ${id} already. Wait for it, or stop it and try again.`);
}

/** A process of another machine (a shared disk) counts as alive. */
function isAlive(holder: string): boolean {
  const pid = Number(/"pid":(\d+)/.exec(holder)?.[1]);
  if (!Number.isInteger(pid)) return false;
  if (!holder.includes(`"host":${JSON.stringify(hostname())}`)) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Renames, and says whether it could: not when the source is missing or the destination is there. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM'].includes(code)) return false;
    throw error;
  }
}

/** Makes the rename itself last through a power cut, where the system lets a directory be opened. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
