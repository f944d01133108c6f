/**
 * Builds one function: handler, server and worker threads bundled for Node, browser code bundled for browsers, static
 * assets copied. The image, `npm start` and the tests all build with this file.
 *
 *   functions/clip/handler.ts         → OUT/handler.js
 *   template/typescript/server/main.ts → OUT/server.js
 *   any …/x.worker.ts in reach        → OUT/x.worker.js (and `new URL('./x.worker.ts', …)` says so)
 *   functions/clip/browser/page.ts    → OUT/assets/page.js
 *   functions/clip/assets/…           → OUT/assets/…
 *
 * Native packages stay outside: OUT must lie below a folder with their node_modules.
 */
import { build } from 'esbuild';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));

/** Packages with compiled code, which no bundle can hold. */
export const NATIVE_PACKAGES = ['onnxruntime-node', 'sharp', 'lmdb'];

/** CommonJS packages in an ES module bundle still call `require` for Node's own modules. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

const NODE_OPTIONS = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'linked',
  sourcesContent: true,
  external: NATIVE_PACKAGES,
  banner: { js: REQUIRE },
  // Function names stay readable in the logs' stack traces, and CommonJS packages find what they look for.
  keepNames: true,
  metafile: true,
  logLevel: 'silent',
};

/**
 * Builds beside `outDir` and puts the result in its place at the end: whoever starts from there meanwhile finds a whole
 * function, the old one or the new one.
 * @param {{ functionDir: string, outDir: string }} options
 * @returns {Promise<{ outDir: string, workers: string[], natives: string[] }>} worker files by name, and the native
 *   packages that the code really imports
 * @throws Error with esbuild's messages when a source cannot be bundled
 */
export async function buildFunction({ functionDir, outDir }) {
  const from = resolve(functionDir);
  const out = resolve(outDir);
  await mkdir(dirname(out), { recursive: true });
  const fresh = await mkdtemp(`${out}.new-`);
  // A temporary folder is its maker's alone; in an image another user runs what was built.
  await chmod(fresh, 0o755);
  try {
    const [node] = await Promise.all([bundleForNode(from, fresh), bundleForBrowsers(from, fresh)]);
    await writeFile(join(fresh, 'package.json'), '{ "type": "module" }\n');
    await replace(out, fresh);
    return { outDir: out, ...node };
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** Two builds at once: the later one stays. */
async function replace(out, fresh) {
  for (let tries = 1; ; tries += 1) {
    await rm(out, { recursive: true, force: true });
    try {
      return await rename(fresh, out);
    } catch (error) {
      if (tries === 10 || !['ENOTEMPTY', 'EEXIST'].includes(error.code)) throw error;
    }
  }
}

async function bundleForNode(from, out) {
  const workers = new Map();
  const natives = new Set();
  let entries = { handler: join(from, 'handler.ts'), server: join(here, 'server', 'main.ts') };
  // A worker is found while the code that starts it is bundled, and may start another.
  while (Object.keys(entries).length > 0) {
    const found = new Map();
    const result = await build({
      ...NODE_OPTIONS,
      entryPoints: entries,
      outdir: out,
      plugins: [workerThreads(found)],
    });
    for (const name of nativeImports(result.metafile)) natives.add(name);
    entries = {};
    for (const [name, path] of found) {
      const known = workers.get(name);
      if (known === undefined) entries[name] = path;
      else if (known !== path)
        throw new Error(`Expected worker names to differ, but ${known} and ${path} do not.`);
      workers.set(name, path);
    }
  }
  return { workers: [...workers.keys()].map((name) => `${name}.js`), natives: [...natives].sort() };
}

/** Rewrites './x.worker.ts' to './x.worker.js', beside the bundle, and notes where each worker's source is. */
function workerThreads(found) {
  return {
    name: 'worker-threads',
    setup(building) {
      building.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (path.includes('node_modules')) return undefined;
        const source = await readFile(path, 'utf8');
        const contents = source.replace(/(['"])([./\w-]+\.worker)\.ts\1/g, (_text, mark, worker) => {
          found.set(basename(worker), join(dirname(path), `${worker}.ts`));
          return `${mark}./${basename(worker)}.js${mark}`;
        });
        return { contents, loader: 'ts' };
      });
    },
  };
}

function nativeImports(metafile) {
  const imports = Object.values(metafile.outputs).flatMap((output) => output.imports);
  return imports.filter((entry) => NATIVE_PACKAGES.includes(entry.path)).map((entry) => entry.path);
}

async function bundleForBrowsers(from, out) {
  const assets = join(out, 'assets');
  if (await exists(join(from, 'assets'))) await cp(join(from, 'assets'), assets, { recursive: true });
  const browser = join(from, 'browser');
  if (!(await exists(browser))) return;
  const entryPoints = (await readdir(browser, { withFileTypes: true }))
    .filter(({ name }) => name.endsWith('.ts') && !name.startsWith('_') && !name.endsWith('.d.ts'))
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(browser, name));
  if (entryPoints.length === 0) return;
  await build({
    entryPoints,
    outdir: assets,
    bundle: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    minify: true,
    logLevel: 'silent',
  });
}

async function exists(path) {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function main() {
  const { values } = parseArgs({ options: { function: { type: 'string' }, out: { type: 'string' } } });
  if (values.function === undefined || values.out === undefined) {
    throw new Error('Usage: node build.mjs --function functions/NAME --out dist/NAME');
  }
  const built = await buildFunction({ functionDir: values.function, outDir: values.out });
  process.stdout.write(`${JSON.stringify(built)}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // No top-level await: it would keep CommonJS loaders, the tests' among them, from importing this file.
  main().catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}
