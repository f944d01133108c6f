import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/** A program of ours and all of ours that it imports, as paths below the repository's folder. */
function importsOf(file: string, known = new Set<string>()): ReadonlySet<string> {
  if (known.has(file)) return known;
  known.add(file);
  const source = readFileSync(join(ROOT, file), 'utf8');
  for (const [, from = ''] of source.matchAll(/^import .*from '(\.[^']+)';$/gm)) {
    importsOf(relative(ROOT, resolve(ROOT, dirname(file), from)), known);
  }
  return known;
}

/** Whether a pattern in which `*` stands for any characters but a slash takes a path, or one that has such a `*` itself. */
function matchesGlob(path: string, pattern: string): boolean {
  const expression = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${expression}$`).test(path);
}

describe('the image that sends load', () => {
  const dockerfile = readFileSync(join(ROOT, 'artillery/Dockerfile'), 'utf8');
  const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );

  it('carries all that its program imports', () => {
    const files = [...importsOf('scripts/load.ts')];
    expect(files).to.include('scripts/load/merge.ts');
    const missing = files.filter(
      (file) =>
        !copied.some((source) => file === source || (source.endsWith('/') && file.startsWith(source))),
    );
    expect(missing).to.deep.equal([]);
  });

  it('copies nothing that its .dockerignore keeps away', () => {
    const lines = readFileSync(join(ROOT, 'artillery/Dockerfile.dockerignore'), 'utf8').trim().split('\n');
    expect(lines[0]).to.equal('*');
    const allowed = lines.slice(1).map((line) => line.replace(/^!/, ''));
    const missing = copied.filter((source) => {
      const path = source.replace(/\/$/, '');
      return !allowed.some((pattern) => matchesGlob(path, pattern));
    });
    expect(missing).to.deep.equal([]);
  });

  it('copies nothing that is not there', () => {
    const missing = copied.filter((source) => !source.includes('*') && !existsSync(join(ROOT, source)));
    expect(missing).to.deep.equal([]);
  });
});
