import { expect } from 'chai';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { watchSources } from '../../../scripts/gateway/watch-sources.ts';

describe('watching the sources', () => {
  let root = '';
  let end = (): void => undefined;
  let told: readonly string[][] = [];
  let onTold = (): void => undefined;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'watch-'));
    write('a/deep/file.ts', 'first');
    write('b/file.ts', 'first');
    told = [];
    const onChange = (folders: ReadonlySet<string>): void => {
      told = [...told, [...folders].sort()];
      onTold();
    };
    end = watchSources({ root, folders: ['a', 'b', 'not-there'], files: ['stack.yml'], onChange });
  });
  afterEach(() => {
    end();
    rmSync(root, { recursive: true, force: true });
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  /** As vim, JetBrains' editors and git save: a new file takes the place of the old one. */
  function replace(path: string, text: string): void {
    write(`${path}~`, text);
    renameSync(join(root, `${path}~`), join(root, path));
  }

  /** The next call of `onChange` after something was done. */
  async function after(act: () => void): Promise<readonly string[]> {
    const next = new Promise<void>((resolve) => {
      onTold = resolve;
    });
    act();
    await next;
    return told.at(-1) ?? [];
  }

  it('names the folder of a file that was written', async () => {
    expect(await after(() => write('a/deep/file.ts', 'second'))).to.deep.equal(['a']);
  });

  it('sees a file that is replaced, however often', async () => {
    expect(await after(() => replace('a/deep/file.ts', 'second'))).to.deep.equal(['a']);
    expect(await after(() => replace('a/deep/file.ts', 'third'))).to.deep.equal(['a']);
    expect(await after(() => write('a/deep/file.ts', 'fourth'))).to.deep.equal(['a']);
  });

  it('follows folders that are new, and those that were made again', async () => {
    await after(() => write('b/new/folder/file.ts', 'first'));
    expect(await after(() => write('b/new/folder/file.ts', 'second'))).to.deep.equal(['b']);
    await after(() => rmSync(join(root, 'b/new'), { recursive: true }));
    await after(() => write('b/new/file.ts', 'first'));
    expect(await after(() => write('b/new/file.ts', 'second'))).to.deep.equal(['b']);
  });

  it('names a file beside the folders, and no other one there', async () => {
    write('other.yml', 'first');
    expect(await after(() => write('stack.yml', 'first'))).to.deep.equal(['stack.yml']);
    expect(await after(() => replace('stack.yml', 'second'))).to.deep.equal(['stack.yml']);
  });

  it('tells of many files once', async () => {
    const changed = await after(() => {
      write('a/one.ts', '');
      write('a/two.ts', '');
      write('b/three.ts', '');
    });
    expect(changed).to.deep.equal(['a', 'b']);
    expect(told).to.have.length(1);
  });

  it('takes no notice of packages and of what an editor keeps for itself', async () => {
    const changed = await after(() => {
      write('a/node_modules/x/index.js', '');
      write('a/.file.ts.swp', '');
      write('a/file.ts~', '');
      write('b/file.ts', 'second');
    });
    expect(changed).to.deep.equal(['b']);
  });
});
