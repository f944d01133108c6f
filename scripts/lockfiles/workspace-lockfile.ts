/** One package of a `package-lock.json`, keyed by where it is installed. */
export interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optional?: boolean;
}

export interface Lockfile {
  readonly name: string;
  readonly version: string;
  readonly lockfileVersion: number;
  readonly requires: true;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export interface Manifest extends LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

interface Edge {
  readonly name: string;
  readonly from: string;
  readonly isOptional: boolean;
}

/**
 * The lockfile of one workspace alone, cut out of the root's: the same versions and hashes at the same places, so that
 * an image gets what the tests ran with, and no registry is asked.
 *
 * @param workspace its folder, such as `functions/clip`
 * @throws Error naming a dependency that the root's lockfile lacks
 */
export function workspaceLockfile(root: Lockfile, workspace: string, manifest: Manifest): Lockfile {
  const found = new Map<string, boolean>();
  const pending = edgesOf(manifest, workspace, false);
  for (let edge = pending.pop(); edge !== undefined; edge = pending.pop()) {
    const place = resolve(root, edge);
    if (place === undefined) {
      if (edge.isOptional) continue;
      throw new Error(
        `Expected ${edge.name}, which ${edge.from} needs, in package-lock.json. Run npm install.`,
      );
    }
    // Seen as a must, or already as optional: nothing new. A must after an optional is walked again.
    if (found.get(place) === false || (found.has(place) && edge.isOptional)) continue;
    found.set(place, edge.isOptional);
    pending.push(...edgesOf(root.packages[place] ?? {}, place, edge.isOptional));
  }
  const own = `${workspace}/`;
  const entries = [...found].map(([place, isOptional]): [string, LockedPackage] => [
    place.startsWith(own) ? place.slice(own.length) : place,
    withFlags(root.packages[place] ?? {}, isOptional),
  ]);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  const { name, version, license, dependencies } = manifest;
  const self = { name, version, ...(license && { license }), ...(dependencies && { dependencies }) };
  const packages: Record<string, LockedPackage> = { '': self, ...Object.fromEntries<LockedPackage>(entries) };
  return { name, version, lockfileVersion: 3, requires: true, packages };
}

function edgesOf(entry: LockedPackage, from: string, isOptional: boolean): Edge[] {
  const optional = Object.keys(entry.optionalDependencies ?? {});
  const peers = Object.keys(entry.peerDependencies ?? {}).filter(
    (name) => entry.peerDependenciesMeta?.[name]?.optional !== true,
  );
  const needed = Object.keys(entry.dependencies ?? {}).filter((name) => !optional.includes(name));
  return [
    ...[...needed, ...peers].map((name) => ({ name, from, isOptional })),
    ...optional.map((name) => ({ name, from, isOptional: true })),
  ];
}

/** Node's way: the nearest node_modules from the place of the package that asks, upwards. */
function resolve(root: Lockfile, { name, from }: Edge): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/')))) {
    if (!base.endsWith('node_modules')) {
      const place = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
      if (root.packages[place] !== undefined) return place;
    }
    if (base === '') return undefined;
  }
}

/** What a package is for (dev, peer, optional) depends on who asks; the root's answer does not hold here. */
function withFlags(entry: LockedPackage, isOptional: boolean): LockedPackage {
  const about = Object.entries(entry).filter(
    ([key]) => !['dev', 'devOptional', 'peer', 'optional'].includes(key),
  );
  return { ...Object.fromEntries(about), ...(isOptional ? { optional: true } : {}) };
}
