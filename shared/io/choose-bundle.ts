import { join } from 'node:path';
import { readBundle, listBundles } from './bundle-directory.ts';
import { readJsonFile } from './json-file.ts';

/** Trained by this project and committed, so that there always is one. */
const EMBEDDED = 'mini-clip';
const FETCH = 'Fetch one with `npm run models -- list` and `npm run models -- fetch <id>`.';

/**
 * Which bundle to serve: the wanted one, else the first of the catalogue that was fetched and is whole, else the
 * embedded one.
 * @param wanted `CLIP_MODEL`; empty for no wish
 * @throws Error when the wanted one is not there, naming those that are and how to get others
 */
export async function chooseBundle(modelsDir: string, wanted: string): Promise<string> {
  const present = await listBundles(modelsDir).catch((cause: unknown) => {
    throw new Error(`Expected a folder of model bundles at \`models_dir\` but received ${modelsDir}.`, {
      cause,
    });
  });
  const names = present.length === 0 ? 'none' : present.join(', ');
  if (wanted !== '') {
    if (present.includes(wanted)) return wanted;
    throw new Error(
      `Expected a bundle of ${modelsDir} for CLIP_MODEL but received "${wanted}". There: ${names}. ${FETCH}`,
    );
  }
  for (const id of await catalogued(modelsDir)) {
    if (present.includes(id) && (await isWhole(join(modelsDir, id)))) return id;
  }
  if (present.includes(EMBEDDED)) return EMBEDDED;
  throw new Error(
    `Expected ${EMBEDDED} or a bundle of the catalogue in ${modelsDir}. There: ${names}. ${FETCH}`,
  );
}

/** Ids of models/catalog.json, best first; none where an image was built without it. */
async function catalogued(modelsDir: string): Promise<readonly string[]> {
  const catalog = await readJsonFile(join(modelsDir, 'catalog.json')).catch(() => undefined);
  const bundles: unknown = (catalog as { bundles?: unknown } | undefined)?.bundles;
  if (!Array.isArray(bundles)) return [];
  return bundles.map((bundle: { id?: unknown }) => String(bundle.id));
}

/** A download that was broken off, or was not finished, is passed over. */
async function isWhole(directory: string): Promise<boolean> {
  return readBundle(directory).then(
    () => true,
    () => false,
  );
}
