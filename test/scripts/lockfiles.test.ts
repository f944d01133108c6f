import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageWorkspaces, lockfileText } from '../../scripts/lockfiles.ts';
import {
  workspaceLockfile,
  type Lockfile,
  type LockedPackage,
} from '../../scripts/lockfiles/workspace-lockfile.ts';
import { ROOT } from '../template/running-server.ts';

async function readLockfile(path: string): Promise<Lockfile> {
  return JSON.parse(await readFile(join(ROOT, path, 'package-lock.json'), 'utf8')) as Lockfile;
}

describe('the lockfiles that images are built from', () => {
  let workspaces: readonly string[];
  before(async () => {
    workspaces = await imageWorkspaces();
  });

  it('are those of every function and of the template', () => {
    expect(workspaces).to.include.members(['functions/clip', 'functions/frontend', 'template/typescript']);
  });

  it('are as `npm run lockfiles` writes them', async () => {
    for (const workspace of workspaces) {
      const text = await readFile(join(ROOT, workspace, 'package-lock.json'), 'utf8');
      expect(text === (await lockfileText(workspace)), `${workspace}: run npm run lockfiles`).to.equal(true);
    }
  });

  it('name the version and the hash that the root names, package by package', async () => {
    const root = await readLockfile('.');
    for (const workspace of workspaces) {
      for (const [place, entry] of Object.entries((await readLockfile(workspace)).packages)) {
        if (place === '') continue;
        const there = root.packages[`${workspace}/${place}`] ?? root.packages[place];
        expect({ place, version: entry.version, integrity: entry.integrity }).to.deep.equal({
          place,
          version: there?.version,
          integrity: there?.integrity,
        });
      }
    }
  });

  it('name no address of a registry, and exact versions only', async () => {
    for (const workspace of workspaces) {
      const text = await readFile(join(ROOT, workspace, 'package-lock.json'), 'utf8');
      expect(text).not.to.contain('"resolved"');
      const { dependencies = {} } = (await readLockfile(workspace)).packages[''] ?? {};
      for (const version of Object.values(dependencies)) expect(version).to.match(/^\d+\.\d+\.\d+$/);
    }
  });
});

describe('npm run lockfiles', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ['--import', 'tsx', join(ROOT, 'scripts/lockfiles.ts'), ...args], {
      cwd: ROOT,
      encoding: 'utf8',
    });

  it('says how it is used instead of writing', () => {
    const { status, stdout } = run('--help');
    expect(status).to.equal(0);
    expect(stdout).to.contain('npm run lockfiles').and.not.contain('Wrote');
  });

  it('refuses what it does not know instead of writing', () => {
    const { status, stdout, stderr } = run('--dry');
    expect({ status, stdout }).to.deep.equal({ status: 2, stdout: '' });
    expect(stderr).to.contain("Unknown option '--dry'").and.contain('npm run lockfiles -- --help');
  });
});

describe('workspaceLockfile', () => {
  const manifest = { name: 'fn', version: '1.0.0', dependencies: { a: '1.0.0' } };
  const cut = (
    packages: Readonly<Record<string, LockedPackage>>,
  ): Readonly<Record<string, LockedPackage>> => {
    const root: Lockfile = { name: 'r', version: '1', lockfileVersion: 3, requires: true, packages };
    return workspaceLockfile(root, 'functions/fn', manifest).packages;
  };

  it('follows dependencies, peers and what is optional; leaves the rest out', () => {
    const packages = cut({
      'node_modules/a': {
        version: '1.0.0',
        dependencies: { b: '^2.0.0' },
        peerDependencies: { c: '*', d: '*' },
        peerDependenciesMeta: { d: { optional: true } },
        optionalDependencies: { e: '*', 'not-for-any-platform': '*' },
      },
      'node_modules/b': { version: '2.1.0', devDependencies: { f: '*' } },
      'node_modules/c': { version: '3.0.0' },
      'node_modules/d': { version: '4.0.0' },
      'node_modules/e': { version: '5.0.0' },
      'node_modules/f': { version: '6.0.0' },
    });
    expect(Object.keys(packages)).to.deep.equal([
      '',
      ...['a', 'b', 'c', 'e'].map((name) => `node_modules/${name}`),
    ]);
    expect(packages['node_modules/e']).to.deep.equal({ version: '5.0.0', optional: true });
  });

  it('takes the nearest of several versions, and moves the workspace’s own to the top', () => {
    const packages = cut({
      'functions/fn/node_modules/a': { version: '1.0.0', dependencies: { b: '1' } },
      'functions/fn/node_modules/a/node_modules/b': { version: '1.0.0' },
      'node_modules/a': { version: '9.0.0' },
      'node_modules/b': { version: '9.0.0' },
    });
    expect(packages).to.deep.include({
      'node_modules/a': { version: '1.0.0', dependencies: { b: '1' } },
      'node_modules/a/node_modules/b': { version: '1.0.0' },
    });
    expect(packages).not.to.have.property('node_modules/b');
  });

  it('marks as optional what nothing needs, and nothing else', () => {
    const packages = cut({
      'node_modules/a': { dependencies: { needed: '1' }, optionalDependencies: { maybe: '1' } },
      'node_modules/maybe': { dependencies: { needed: '1', only: '1' } },
      'node_modules/needed': { optional: true },
      'node_modules/only': {},
    });
    const optional = Object.keys(packages).filter((place) => packages[place]?.optional === true);
    expect(optional).to.deep.equal(['node_modules/maybe', 'node_modules/only']);
  });

  it('says what to do when the root lacks a dependency', () => {
    expect(() => cut({})).to.throw(
      'Expected a, which functions/fn needs, in package-lock.json. Run npm install.',
    );
  });
});
