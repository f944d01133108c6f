import { expect } from 'chai';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { startFrontend } from '../functions/frontend/started-frontend.ts';

interface Step {
  readonly url: string;
  readonly expect?: readonly Readonly<Record<string, unknown>>[];
}

type Flow = readonly { readonly get?: Step; readonly post?: Step; readonly loop?: Flow }[];

interface Scenario {
  readonly config: {
    readonly plugins: Readonly<Record<string, unknown>>;
    readonly ensure?: { readonly conditions?: readonly { readonly expression: string }[] };
  };
  readonly scenarios: readonly { readonly flow: Flow }[];
}

const FOLDER = 'artillery';

function readScenario(file: string): Scenario {
  return parse(readFileSync(join(FOLDER, file), 'utf8')) as Scenario;
}

function stepsOf(flow: Flow): readonly Step[] {
  return flow
    .flatMap(({ get, post, loop = [] }) => [get, post, ...stepsOf(loop)])
    .filter((step) => step !== undefined);
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

  it('fail when all that came was refused, or a refusal did not say when to come back', () => {
    for (const file of files.filter((name) => JSON.stringify(readScenario(name)).includes('429'))) {
      const { config, scenarios } = readScenario(file);
      const conditions = (config.ensure?.conditions ?? []).map(({ expression }) => expression);
      expect(conditions, file).to.include('refused.without_retry_after == 0');
      expect(conditions.join(), file).to.match(
        /refused\.429 <= 0\.0\d \* http\.requests|http\.codes\.200 > 0/,
      );
      for (const step of scenarios.flatMap(({ flow }) => stepsOf(flow)))
        expect(step, file).to.have.property('afterResponse', 'countRefusals');
    }
  });

  it('count a user as failed whose answer was not the expected one', () => {
    for (const file of files) {
      const { config, scenarios } = readScenario(file);
      expect(config.plugins.expect, file).to.deep.equal({ reportFailuresAsErrors: true });
      for (const step of scenarios.flatMap(({ flow }) => stepsOf(flow)))
        expect(step.expect?.[0], file).to.have.property('statusCode');
    }
  });

  it('expect of the page the type that it has', async () => {
    const started = await startFrontend();
    try {
      const { headers } = await started.get('/', { Accept: '*/*' });
      const steps = readScenario('smoke.yml').scenarios.flatMap(({ flow }) => stepsOf(flow));
      const page = steps.find((step) => step.url === '/function/frontend/');
      expect(page?.expect).to.deep.include({ contentType: headers.get('Content-Type') });
    } finally {
      await started.close();
    }
  });
});
