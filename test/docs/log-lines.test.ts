import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['functions', 'shared', 'template/typescript/server'];

/** Messages that the code logs as they stand there: the last argument, a plain text. */
function logged(): ReadonlySet<string> {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  );
  const text = files.map((file) => readFileSync(file, 'utf8')).join('\n');
  const calls = text.matchAll(/\blog\.(?:info|warn|error|fatal)\(\s*\{[^;]*?\},\s*'([^']+)',?\s*\)/g);
  const failures = text.matchAll(/\bfail\('([^']+)'\)/g);
  return new Set([...calls, ...failures].map(([, message = '']) => message));
}

/** Rows of the table of log lines: | `message` | level | … */
function documented(): ReadonlySet<string> {
  const rows = readFileSync('docs/operations.md', 'utf8').matchAll(
    /^\| `([^`]+)` \| (?:info|warn|error|fatal) \|/gm,
  );
  return new Set([...rows].map(([, message = '']) => message));
}

describe('the table of log lines in docs/operations.md', () => {
  it('finds the code’s messages at all', () => {
    expect([...logged()]).to.include.members(['request', 'Model loaded', 'The server could not start']);
  });

  it('has each of them', () => {
    expect([...logged()].filter((message) => !documented().has(message))).to.deep.equal([]);
  });

  it('has no other', () => {
    expect([...documented()].filter((message) => !logged().has(message))).to.deep.equal([]);
  });
});
