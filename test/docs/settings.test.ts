import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { parseConfig as parseClip } from '../../functions/clip/config.ts';
import { parseConfig as parseFrontend } from '../../functions/frontend/config.ts';
import { parseConfig as parseTrainer } from '../../functions/trainer/config.ts';
import { parseServerSettings } from '../../template/typescript/server/settings.ts';

type Parse = (env: Readonly<Record<string, string | undefined>>) => object;

const READERS: Readonly<Record<string, Parse>> = {
  clip: parseClip,
  frontend: parseFrontend,
  server: parseServerSettings,
  trainer: parseTrainer,
};

interface Row {
  readonly name: string;
  /** Undefined where the default depends on the machine. */
  readonly fallback: string | undefined;
  readonly readers: readonly string[];
}

/** Rows of the table of settings: | `name` | `default` | readers | what it does | */
const rows: readonly Row[] = readFileSync('docs/operations.md', 'utf8')
  .split('\n')
  .map((line) => /^\| `(\w+)` \|([^|]*)\|([^|]*)\|/.exec(line))
  .filter((match) => match !== null)
  .map(([, name = '', fallback = '', readers = '']) => ({
    name,
    fallback: fallback.trim().startsWith('*') ? undefined : fallback.replaceAll('`', '').trim(),
    readers: readers.split(',').map((reader) => reader.trim()),
  }));

/** Which names a parser asks its environment for. */
function namesRead(parse: Parse): readonly string[] {
  const names = new Set<string>();
  const env = new Proxy<Record<string, string | undefined>>(
    {},
    {
      get: (_, name) => {
        names.add(String(name));
        return undefined;
      },
    },
  );
  parse(env);
  return [...names].sort();
}

describe('the table of settings in docs/operations.md', () => {
  for (const [reader, parse] of Object.entries(READERS)) {
    const own = rows.filter(({ readers }) => readers.includes(reader));

    it(`has just what ${reader} reads`, () => {
      expect(own.map(({ name }) => name).sort()).to.deep.equal(namesRead(parse));
    });

    for (const { name, fallback } of own.filter((row) => row.fallback !== undefined)) {
      it(`gives ${reader}'s default of ${name}`, () => {
        expect(parse({ [name]: fallback })).to.deep.equal(parse({}));
      });
    }
  }
});
