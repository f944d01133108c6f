/**
 * Makes all that the final image holds, below `image/`: the built function in dist/, the native packages that it
 * imports in node_modules/, and the bundles that MODELS names in models/. Run by the Dockerfile, where the context is
 * laid out as in the repository: functions/, shared/, models/, template/typescript/.
 *
 *   MODELS=mini-clip node template/typescript/image.mjs
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { buildFunction } from './build.mjs';
import { copyBundles } from './bundles.mjs';
import { copyNatives } from './natives.mjs';

const HANDLER = join('functions', 'function');
const IMAGE = 'image';

/**
 * faas-cli puts `configuration.copy` folders into the handler's; a function without them has none. A folder of an
 * earlier layer cannot be renamed, so the small one is copied and the large one linked.
 */
async function layOut() {
  if (existsSync(join(HANDLER, 'shared'))) await cp(join(HANDLER, 'shared'), 'shared', { recursive: true });
  if (existsSync(join(HANDLER, 'models'))) await symlink(join(HANDLER, 'models'), 'models');
}

await layOut();
const models = (process.env.MODELS ?? '').split(/[\s,]+/).filter((name) => name !== '');
const built = await buildFunction({ functionDir: HANDLER, outDir: join(IMAGE, 'dist') });
await mkdir(join(IMAGE, 'node_modules'), { recursive: true });
const natives = await copyNatives({
  names: built.natives,
  from: 'node_modules',
  to: join(IMAGE, 'node_modules'),
});
await copyBundles({ names: models, from: 'models', to: join(IMAGE, 'models') });
process.stdout.write(`${JSON.stringify({ workers: built.workers, natives, models })}\n`);
