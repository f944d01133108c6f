import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startFrontend } from '../functions/frontend/started-frontend.ts';

interface Step {
  readonly url: string;
  readonly expect?: readonly Readonly<Record<string, unknown>>[];
}

interface Scenario {
  readonly config: {
    readonly plugins: Readonly<Record<string, unknown>>;
    readonly ensure?: { readonly conditions?: readonly { readonly expression: string }[] };
  };
  readonly scenarios: readonly { readonly flow: readonly { readonly get?: Step }[] }[];
}

const FOLDER = 'artillery';

function readScenario(file: string): Scenario {
  return parse(readFileSync(join(FOLDER, file), 'utf8')) as Scenario;
}

describe('the load scenarios', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yml'));

  it('fail when a user failed', () => {
    expect(files).to.include('smoke.yml');
    for (const file of files) {
      const conditions = readScenario(file).config.ensure?.conditions ?? [];
      expect(conditions.map(({ expression }) => expression).join(' and '), file).to.contain(
        'vusers.failed == 0',
      );
    }
  });

  it('count a user as failed whose answer was not the expected one', () => {
    for (const file of files) {
      const { expect: expectations } = readScenario(file).config.plugins;
      if (expectations !== undefined)
        expect(expectations, file).to.deep.equal({ reportFailuresAsErrors: true });
    }
  });

  it('expect of the page the type that it has', async () => {
    const started = await startFrontend();
    try {
      const { headers } = await started.get('/', { Accept: '*/*' });
      const steps = readScenario('smoke.yml').scenarios.flatMap(({ flow }) => flow.map(({ get }) => get));
      const page = steps.find((step) => step?.url === '/function/frontend/');
      expect(page?.expect).to.deep.include({ contentType: headers.get('Content-Type') });
    } finally {
      await started.close();
    }
  });
});
