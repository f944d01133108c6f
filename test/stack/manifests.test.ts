import { expect } from 'chai';
import { schemaFaults } from './kubernetes-schema.ts';
import { manifestFiles, manifestsIn, type Manifest } from './manifests.ts';

/** What of a workload the rules below read. */
interface Workload extends Manifest {
  readonly spec: {
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly automountServiceAccountToken?: boolean;
        readonly securityContext?: { readonly runAsNonRoot?: boolean };
        readonly containers: readonly {
          readonly name: string;
          readonly image: string;
          readonly resources?: { readonly requests?: object; readonly limits?: object };
          readonly readinessProbe?: object;
          readonly livenessProbe?: object;
          readonly securityContext?: {
            readonly allowPrivilegeEscalation?: boolean;
            readonly readOnlyRootFilesystem?: boolean;
            readonly capabilities?: { readonly drop?: readonly string[] };
          };
        }[];
      };
    };
  };
}

const WORKLOADS = ['Deployment', 'StatefulSet', 'Job'];

describe('the manifests of deploy/', () => {
  it('are there', () => {
    expect(manifestFiles()).to.include('deploy/redis.yaml');
  });

  for (const file of manifestFiles()) {
    describe(file, () => {
      const manifests = manifestsIn(file);

      for (const manifest of manifests) {
        const title = `${manifest.kind} ${manifest.metadata.name}`;

        it(`${title} is what Kubernetes’ schema asks for`, () => {
          expect(schemaFaults(manifest)).to.deep.equal([]);
        });

        it(`${title} belongs to the set, in a namespace that it names`, () => {
          const { labels = {}, namespace } = manifest.metadata as Manifest['metadata'] & {
            labels?: Record<string, string>;
          };
          expect(labels).to.include({ 'app.kubernetes.io/part-of': 'clip-functions' });
          if (manifest.kind !== 'Namespace') expect(namespace).to.match(/^(openfaas-fn|clip-load)$/);
        });
      }

      for (const workload of manifests.filter(({ kind }) => WORKLOADS.includes(kind)) as Workload[]) {
        const { metadata, spec: pod } = workload.spec.template;

        it(`${workload.metadata.name} runs as an ordinary user that can change nothing`, () => {
          expect(metadata.labels).to.include({ 'app.kubernetes.io/part-of': 'clip-functions' });
          expect(pod.automountServiceAccountToken).to.equal(false);
          expect(pod.securityContext?.runAsNonRoot).to.equal(true);
          for (const { securityContext } of pod.containers) {
            expect(securityContext).to.include({
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
            });
            expect(securityContext?.capabilities?.drop).to.deep.equal(['ALL']);
          }
        });

        it(`${workload.metadata.name} has requests, limits, a pinned image and, if it serves, probes`, () => {
          for (const container of pod.containers) {
            expect(container.resources?.requests).to.have.all.keys('cpu', 'memory');
            expect(container.resources?.limits).to.include.keys('memory');
            expect(container.image)
              .to.match(/:[\w.-]+$/)
              .and.to.not.match(/:latest$/);
            if (workload.kind === 'Job') continue;
            expect(container.readinessProbe).to.be.an('object');
            expect(container.livenessProbe).to.be.an('object');
          }
        });
      }
    });
  }
});

describe('the check against Kubernetes’ schemas', () => {
  const service = (spec: object): Manifest =>
    ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'x' }, spec }) as Manifest;

  it('passes what is right', () => {
    expect(schemaFaults(service({ selector: { app: 'x' }, ports: [{ port: 1 }] }))).to.deep.equal([]);
  });

  it('finds unknown keys, wrong types and what is missing, at any depth', () => {
    expect(schemaFaults(service({ prots: [] })).join()).to.contain(
      'must NOT have additional properties: prots',
    );
    expect(schemaFaults(service({ ports: [{ port: 'x' }] })).join()).to.match(/\/spec\/ports\/0\/port/);
    expect(schemaFaults(service({ ports: [{}] })).join()).to.contain("required property 'port'");
  });

  it('knows fields that are younger than its schemas, and their types', () => {
    const template = { spec: { containers: [{ name: 'x', image: 'x' }], restartPolicy: 'Never' } };
    const job = (spec: object): Manifest =>
      ({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: 'x' },
        spec: { template, ...spec },
      }) as Manifest;
    expect(schemaFaults(job({ backoffLimitPerIndex: 0 }))).to.deep.equal([]);
    expect(schemaFaults(job({ backoffLimitPerIndex: '0' })).join()).to.contain('/spec/backoffLimitPerIndex');
    expect(schemaFaults(job({ backoffLimitPerIndices: 0 })).join()).to.contain('backoffLimitPerIndices');
  });

  it('finds a quantity that is none', () => {
    const resources = { limits: { memory: '1GB' } };
    const containers = [{ name: 'x', image: 'x', resources }];
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: { containers } };
    expect(schemaFaults(pod).join()).to.contain('/spec/containers/0/resources/limits/memory');
  });

  it('refuses a kind that it has no schema for', () => {
    expect(() => schemaFaults({ apiVersion: 'x/v9', kind: 'Y', metadata: { name: 'y' } })).to.throw('x/v9');
  });
});
