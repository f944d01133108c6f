/**
 * Copies the model bundles that an image is to carry, each file held against the SHA-256 of its bundle.json, with the
 * head definitions and the catalogue. An image that names none carries nothing of models/.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Beside the files that bundle.json lists: what they are under, the heads prepared for them, and how well those do. */
const EXTRAS = ['bundle.json', 'heads', 'evaluations', 'MODEL_CARD.md', 'README.md', 'LICENSE', 'NOTICE'];
const SHARED = ['heads', 'catalog.json'];

/**
 * @param {{ names: readonly string[], from: string, to: string }} options folders of bundles, such as `models`
 * @throws Error naming a bundle that is not there, and every file that is not what bundle.json says
 */
export async function copyBundles({ names, from, to }) {
  await mkdir(to, { recursive: true });
  for (const name of names) await copyBundle(name, join(from, name), join(to, name));
  if (names.length === 0) return;
  for (const name of SHARED) await copyIfThere(join(from, name), join(to, name));
}

async function copyBundle(name, from, to) {
  const manifest = await readFile(join(from, 'bundle.json'), 'utf8').then(JSON.parse, () => undefined);
  if (manifest === undefined) {
    const there = await readdir(dirname(from)).catch(() => []);
    throw new Error(
      `Expected a bundle for MODELS but received ${name}. In models/ are: ${there.join(', ')}.`,
    );
  }
  const wrong = [];
  for (const { path, sha256 } of manifest.files) {
    const found = await sha256Of(join(from, path)).catch(() => 'no file');
    if (found !== sha256) wrong.push(`Expected SHA-256 ${sha256} for ${name}/${path} but received ${found}.`);
    else await copyIfThere(join(from, path), join(to, path));
  }
  if (wrong.length > 0) throw new Error(wrong.join(' '));
  for (const extra of EXTRAS) await copyIfThere(join(from, extra), join(to, extra));
}

async function copyIfThere(from, to) {
  await mkdir(dirname(to), { recursive: true });
  await cp(from, to, { recursive: true }).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

async function sha256Of(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
