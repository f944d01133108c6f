import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Every Markdown file that git knows. */
const FILES = execFileSync('git', ['ls-files', '*.md'], { encoding: 'utf8' }).trim().split('\n');

describe('links between documents', () => {
  for (const file of FILES) {
    const links = linksIn(readFileSync(file, 'utf8'));
    if (links.length === 0) continue;
    it(`of ${file} lead to files and headings that are there`, () => {
      expect(links.flatMap((link) => faultOf(file, link))).to.deep.equal([]);
    });
  }

  it('are found wrong where the file or the heading is not there', () => {
    expect(faultOf('README.md', 'docs/nowhere.md')).to.deep.equal(['docs/nowhere.md: no such file']);
    expect(faultOf('docs/x.md', 'operations.md#nowhere')).to.deep.equal([
      'operations.md#nowhere: no such heading',
    ]);
    expect(faultOf('docs/x.md', 'operations.md#settings')).to.deep.equal([]);
  });
});

/** Targets inside the repository: no other sites. */
function linksIn(text: string): readonly string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

function faultOf(file: string, link: string): readonly string[] {
  const [path = '', heading] = link.split('#');
  const target = path === '' ? file : join(dirname(file), path);
  if (!existsSync(target)) return [`${link}: no such file`];
  if (heading === undefined) return [];
  return headingsOf(readFileSync(target, 'utf8')).includes(heading) ? [] : [`${link}: no such heading`];
}

/** As GitHub makes them of headings: `## Upgrade and rollback` is `upgrade-and-rollback`. */
function headingsOf(text: string): readonly string[] {
  const titles = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);
  return titles.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
