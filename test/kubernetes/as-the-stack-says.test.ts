import { expect } from 'chai';
import { readStack, type StackEntry } from '../stack/read-stack.ts';
import { kubectl, kubectlJson, settled, until } from './cluster.ts';
import { installTraining, TAGS } from './installation.ts';
import { describeOnCluster } from './with-cluster.ts';

interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: number };
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly metadata: {
        readonly labels: Readonly<Record<string, string>>;
        readonly annotations: Readonly<Record<string, string>>;
      };
      readonly spec: {
        readonly containers: readonly [
          {
            readonly image: string;
            readonly env: readonly { readonly name: string; readonly value: string }[];
            readonly resources: {
              readonly requests: Readonly<Record<string, string>>;
              readonly limits: Readonly<Record<string, string>>;
            };
            readonly livenessProbe?: Probe;
            readonly readinessProbe?: Probe;
            readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
          },
        ];
      };
    };
  };
}

describeOnCluster('a pod is as the stack files say', () => {
  const env = { IMAGE_PREFIX: process.env.IMAGE_PREFIX ?? '', IMAGE_TAG: TAGS.first };
  const { clip, trainer } = readStack(env, 'stack.trainer.yml').functions;
  const { frontend } = readStack(env).functions;
  const wanted = { frontend, clip, trainer } as Readonly<
    Record<string, StackEntry & { secrets?: readonly string[] }>
  >;

  before(() => installTraining());

  for (const [name, entry] of Object.entries(wanted)) {
    describe(name, () => {
      let template: Deployment['spec']['template'];

      before(async () => {
        ({ template } = (await kubectlJson<Deployment>(['get', 'deployment', name])).spec);
      });

      const container = () => template.spec.containers[0];

      it('with its image, environment, labels and annotations', () => {
        expect(container().image).to.equal(entry.image);
        const given = Object.fromEntries(container().env.map(({ name: key, value }) => [key, value]));
        expect(given).to.include(entry.environment);
        expect(template.metadata.labels).to.include(entry.labels);
        if (entry.annotations !== undefined)
          expect(template.metadata.annotations).to.include(entry.annotations);
      });

      it('with its requests and limits', () => {
        expect(container().resources).to.deep.equal({ requests: entry.requests, limits: entry.limits });
      });

      it('with probes of liveness and readiness', () => {
        for (const probe of [container().livenessProbe, container().readinessProbe])
          expect(probe?.httpGet).to.include({ port: 8080 });
      });

      it('as an ordinary user on a read-only root that leaves /tmp to write in', async () => {
        expect(container().securityContext.readOnlyRootFilesystem).to.equal(true);
        const line = 'id -u; touch /home/app/x 2>&1; touch /tmp/x && echo writable';
        const said = await kubectl(['exec', `deployment/${name}`, '--', 'sh', '-c', line]);
        expect(said).to.match(/^1000\n.*Read-only file system\nwritable\n$/);
      });

      it(`with the secrets: ${entry.secrets?.join(', ') ?? 'none'}`, async () => {
        const line = 'ls /var/openfaas/secrets 2>/dev/null || true';
        const said = await kubectl(['exec', `deployment/${name}`, '--', 'sh', '-c', line]);
        expect(said.split('\n').filter(Boolean).sort()).to.deep.equal([...(entry.secrets ?? [])].sort());
      });
    });
  }

  it('and is ready a while after its start: here is how long', async () => {
    const rows: string[] = [];
    for (const name of Object.keys(wanted)) {
      const [pod] = await settled(name, 1);
      const at = (type: string) =>
        Date.parse(pod?.status.conditions?.find((one) => one.type === type)?.lastTransitionTime ?? '');
      const seconds = (at('Ready') - Date.parse(pod?.metadata.creationTimestamp ?? '')) / 1_000;
      expect(seconds).to.be.at.least(0);
      // A pod whose function takes long to load is ready before that.
      let loaded: string | undefined;
      await until(
        async () => {
          const logs = await kubectl(['logs', pod?.metadata.name ?? '']);
          loaded = /"uptimeMs":(\d+)[^\n]*"msg":"loaded"/.exec(logs)?.[1];
          return loaded !== undefined;
        },
        { what: `the line \`loaded\` of ${name}` },
      );
      rows.push(`| ${name} | ${seconds} s | ${loaded ?? ''} ms |`);
    }
    console.log(
      ['| function | pod made to ready, pull included | function loaded |', '|---|---|---|', ...rows].join(
        '\n',
      ),
    );
  });
});
