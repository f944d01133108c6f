import { expect } from 'chai';
import { ESLint } from 'eslint';

const NO_IMPORT = '@typescript-eslint/no-restricted-imports';

/** Each row breaks one rule of the dependency direction; the lint must say so. */
const FORBIDDEN: readonly { file: string; code: string; rule: string }[] = [
  { file: 'shared/core/errors.ts', code: `import 'node:fs';`, rule: NO_IMPORT },
  { file: 'shared/core/errors.ts', code: `import '../http/problem.ts';`, rule: NO_IMPORT },
  { file: 'shared/core/errors.ts', code: `import '../io/encoder.ts';`, rule: NO_IMPORT },
  { file: 'shared/core/errors.ts', code: `import 'sharp';`, rule: NO_IMPORT },
  { file: 'shared/core/errors.ts', code: `import 'redis';`, rule: NO_IMPORT },
  { file: 'shared/core/errors.ts', code: `export const now = Date.now();`, rule: 'no-restricted-globals' },
  { file: 'shared/core/errors.ts', code: `export const env = process.env;`, rule: 'no-restricted-globals' },
  {
    file: 'shared/core/errors.ts',
    code: `export const r = Math.random();`,
    rule: 'no-restricted-properties',
  },
  { file: 'shared/http/problem.ts', code: `import '../io/encoder.ts';`, rule: NO_IMPORT },
  { file: 'shared/http/problem.ts', code: `import '../../functions/clip/handler.ts';`, rule: NO_IMPORT },
  { file: 'shared/io/encoder.ts', code: `import '../http/problem.ts';`, rule: NO_IMPORT },
  { file: 'functions/clip/handler.ts', code: `import '../frontend/handler.ts';`, rule: NO_IMPORT },
  { file: 'functions/frontend/handler.ts', code: `import '../clip/handler.ts';`, rule: NO_IMPORT },
  { file: 'functions/trainer/handler.ts', code: `import '../clip/handler.ts';`, rule: NO_IMPORT },
  { file: 'functions/trainer/handler.ts', code: `import '../frontend/view/html.ts';`, rule: NO_IMPORT },
  { file: 'functions/frontend/handler.ts', code: `import '../../shared/io/encoder.ts';`, rule: NO_IMPORT },
];

const ALLOWED: readonly { file: string; code: string }[] = [
  { file: 'shared/core/tokenizer.ts', code: `import '@huggingface/tokenizers';` },
  { file: 'shared/core/head.ts', code: `import './errors.ts';` },
  { file: 'shared/http/problem.ts', code: `import '../core/errors.ts';` },
  { file: 'shared/io/encoder.ts', code: `import '../core/bundle.ts';` },
  { file: 'functions/clip/handler.ts', code: `import '../../shared/io/encoder.ts';` },
];

describe('dependency direction: functions → shared/http, shared/io → shared/core → nothing', function () {
  this.timeout(120_000);
  const eslint = new ESLint();

  /** Rules that need no types suffice here, so the file is linted as text under the name of a real one. */
  async function rulesBroken(file: string, code: string): Promise<readonly (string | null)[]> {
    const [result] = await eslint.lintText(`${code}\n`, { filePath: file });
    return (result?.messages ?? []).map((message) => message.ruleId);
  }

  for (const { file, code, rule } of FORBIDDEN) {
    it(`${file} may not hold ${code}`, async () => {
      expect(await rulesBroken(file, code)).to.include(rule);
    });
  }

  for (const { file, code } of ALLOWED) {
    it(`${file} may hold ${code}`, async () => {
      expect(await rulesBroken(file, code)).not.to.include(NO_IMPORT);
    });
  }
});
