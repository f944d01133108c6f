import { mkdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buildFunction } from '../../../template/typescript/build.mjs';

/** Handlers by the last word of an image's name, `clip` for `clip-functions/clip:latest`. */
export type Handlers = Readonly<Record<string, string>>;

/**
 * What a registry and an image engine are to a cluster: it knows images by name and lays each out as the template's
 * Dockerfile does, once, when it is first asked for: `dist/` with the built function, `models/` beside it.
 */
export class Images {
  readonly #root: string;
  readonly #folder: string;
  readonly #handlers: Handlers;
  readonly #laidOut = new Map<string, Promise<string>>();

  constructor(options: { root: string; folder: string; handlers: Handlers }) {
    this.#root = options.root;
    this.#folder = options.folder;
    this.#handlers = options.handlers;
  }

  /** @returns the image's working directory; undefined for an image that nobody pushed */
  async pull(image: string): Promise<string | undefined> {
    const name = image.split('/').at(-1)?.split(':')[0] ?? '';
    const handler = this.#handlers[name];
    if (handler === undefined) return undefined;
    const laidOut = this.#laidOut.get(name) ?? this.#layOut(name, handler);
    this.#laidOut.set(name, laidOut);
    return laidOut;
  }

  async #layOut(name: string, handler: string): Promise<string> {
    const image = join(this.#folder, 'images', name);
    await mkdir(image, { recursive: true });
    await buildFunction({ functionDir: join(this.#root, handler), outDir: join(image, 'dist') });
    await symlink(join(this.#root, 'models'), join(image, 'models'));
    return image;
  }
}

/**
 * The `ENV` of the template's image.
 * @example (await imageEnvironment(root)).mode // 'http'
 */
export async function imageEnvironment(root: string): Promise<Readonly<Record<string, string>>> {
  const dockerfile = await readFile(join(root, 'template/typescript/Dockerfile'), 'utf8');
  const block = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile)?.[1] ?? '';
  const pairs = [...block.matchAll(/(\w+)=(?:"([^"]*)"|(\S+))/g)];
  return Object.fromEntries(pairs.map(([, name = '', quoted, plain]) => [name, quoted ?? plain ?? '']));
}
