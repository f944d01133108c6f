/**
 * Copies native packages and what they need at run time from one node_modules to another, for one platform. Of
 * onnxruntime-node's 250 MB the binaries of other systems and the GPU providers stay behind.
 */
import { cp, mkdir, readFile, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import process from 'node:process';

/** Used by onnxruntime-node's install script only, which downloads CUDA libraries. */
const INSTALL_ONLY = new Set(['adm-zip', 'global-agent']);

const GPU_PROVIDERS = /providers_(cuda|tensorrt)|directml|dxcompiler|dxil/i;
const NOT_RUN = /\.(d\.[cm]?ts|map|md)$/;

/**
 * @param {{ names: readonly string[], from: string, to: string, platform?: string, arch?: string }} options
 *   `from` and `to` are node_modules folders; `platform` and `arch` as Node names them
 * @returns {Promise<string[]>} the packages that were copied
 * @throws Error naming a package that is not installed
 */
export async function copyNatives({ names, from, to, platform = process.platform, arch = process.arch }) {
  const copied = new Set();
  const pending = names.map((name) => ({ name, isOptional: false }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { name, isOptional } = next;
    if (copied.has(name) || INSTALL_ONLY.has(name)) continue;
    const source = join(from, name);
    const manifest = await readFile(join(source, 'package.json'), 'utf8').then(JSON.parse, () => undefined);
    if (manifest === undefined) {
      if (isOptional) continue;
      throw new Error(`Expected the package ${name} in ${from} but it is not installed.`);
    }
    if (isOptional && !(fits(manifest.os, platform) && fits(manifest.cpu, arch))) continue;
    await copyPackage(source, join(to, name), `${platform}${sep}${arch}`);
    copied.add(name);
    for (const dependency of Object.keys(manifest.dependencies ?? {})) {
      pending.push({ name: dependency, isOptional: false });
    }
    for (const dependency of Object.keys(manifest.optionalDependencies ?? {})) {
      pending.push({ name: dependency, isOptional: true });
    }
  }
  return [...copied].sort();
}

function fits(allowed, value) {
  return allowed === undefined || allowed.includes(value);
}

async function copyPackage(source, target, platformFolder) {
  await mkdir(target, { recursive: true });
  await cp(source, target, { recursive: true, filter: (path) => isNeeded(path, platformFolder) });
}

/** `bin/napi-v6/<platform>/<arch>/…` is kept for one platform; all else unless it never runs here. */
async function isNeeded(path, platformFolder) {
  if (GPU_PROVIDERS.test(path) || NOT_RUN.test(path)) return false;
  const [, below] = path.split(/[\\/]bin[\\/]napi-v\d+[\\/]/);
  if (below === undefined) return true;
  const isFolder = (await stat(path)).isDirectory();
  return isFolder
    ? platformFolder.startsWith(below) || below.startsWith(platformFolder)
    : below.startsWith(`${platformFolder}${sep}`);
}
