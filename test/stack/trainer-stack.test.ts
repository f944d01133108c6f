import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as consumeText } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';
import { parseConfig as parseClip } from '../../functions/clip/config.ts';
import { parseConfig as parseTrainer } from '../../functions/trainer/config.ts';
import { parseServerSettings } from '../../template/typescript/server/settings.ts';
import { readStack, ROOT, schemaErrors } from './read-stack.ts';

describe('stack.trainer.yml', () => {
  const plain = readStack();
  const stack = readStack({}, 'stack.trainer.yml');
  const { trainer, clip } = stack.functions as Record<
    string,
    (typeof stack.functions)[string] & { secrets?: string[] }
  >;

  it('is what its schema asks for', () => {
    expect(schemaErrors(stack)).to.deep.equal([]);
    expect(Object.keys(stack.functions).sort()).to.deep.equal(['clip', 'trainer']);
  });

  it('has the clip of stack.yml, with a store and its password', () => {
    const { secrets, environment, ...rest } = clip ?? { environment: {} };
    const { STORE_URL, ...others } = environment as Record<string, string>;
    expect(secrets).to.deep.equal(['store-password']);
    expect(STORE_URL).to.match(/^redis:\/\/[\w.-]+:6379$/);
    expect({ ...rest, environment: others }).to.deep.equal(plain.functions.clip);
    const { configuration, provider } = stack;
    expect({ configuration, provider }).to.deep.equal({
      configuration: plain.configuration,
      provider: plain.provider,
    });
  });

  it('lets one replica of trainer train, with both secrets and no weights in its image', () => {
    expect(trainer?.secrets).to.deep.equal(['trainer-token', 'store-password']);
    expect(trainer?.labels).to.deep.equal({ 'com.openfaas.scale.min': '1', 'com.openfaas.scale.max': '1' });
    expect(trainer).to.not.have.property('build_args');
    expect(trainer?.environment).to.not.have.property('TRAINER_TOKEN');
  });

  it('lets Prometheus scrape trainer, whose metrics a dashboard and an alert ask for', () => {
    const ofClip = Object.entries(clip?.annotations ?? {});
    const scrape = Object.fromEntries(ofClip.filter(([name]) => name.startsWith('prometheus.io.')));
    expect(scrape).to.have.property('prometheus.io.scrape', 'true');
    expect(trainer?.annotations).to.deep.equal(scrape);
  });

  it('gives trainer and clip one store, and settings that they take', () => {
    const [ours, theirs] = [parseTrainer(trainer?.environment ?? {}), parseClip(clip?.environment ?? {})];
    expect(ours.storeUrl).to.equal(theirs.storeUrl);
    expect(ours.maxUploadBytes).to.equal(theirs.maxUploadBytes);
    expect(parseServerSettings(trainer?.environment ?? {}).maxRequestBytes).to.equal(ours.maxRequestBytes);
  });

  it('holds the budget of time', () => {
    const config = parseTrainer(trainer?.environment ?? {});
    const ms = (name: string) => 1_000 * Number.parseInt(trainer?.environment[name] ?? '', 10);
    expect([ms('write_timeout'), ms('exec_timeout')]).to.deep.equal([25_000, 24_000]);
    expect(config.trainingBudgetMs).to.be.lessThan(ms('exec_timeout'));
    expect(config.uploadBudgetMs).to.be.lessThan(config.trainingBudgetMs);
    expect(config.clipTimeoutMs).to.be.lessThan(config.uploadBudgetMs);
    expect(ms('healthcheck_interval') + ms('write_timeout')).to.be.at.most(30_000);
  });
});

describe('deploy/redis.yaml', () => {
  const text = readFileSync(join(ROOT, 'deploy/redis.yaml'), 'utf8');
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Manifest);
  const of = (kind: string) => documents.find((manifest) => manifest.kind === kind);
  const container = of('StatefulSet')?.spec?.template?.spec.containers[0];

  it('is a pinned Redis with resources, in the namespace that the secret is in', () => {
    expect(container?.image).to.match(/:\d+\.\d+\.\d+-\w+$/);
    expect(container?.resources.limits).to.have.keys('cpu', 'memory');
    expect(container?.resources.requests).to.have.keys('cpu', 'memory');
    for (const { metadata } of documents) expect(metadata.namespace).to.equal('openfaas-fn');
  });

  it('is where stack.trainer.yml looks for it', () => {
    const url = new URL(readStack({}, 'stack.trainer.yml').functions.trainer?.environment.STORE_URL ?? '');
    expect(url.hostname.split('.').slice(0, 2)).to.deep.equal([of('Service')?.metadata.name, 'openfaas-fn']);
    expect(url.password).to.equal('');
  });

  it('takes its password from the secret, and evicts only what has an end', () => {
    expect(JSON.stringify(of('StatefulSet'))).to.contain('"secretName":"store-password"');
    expect(of('ConfigMap')?.data?.['redis.conf']).to.match(/maxmemory-policy volatile-lru\nappendonly yes/);
    expect(text).to.not.match(/requirepass (?!"\$\(cat )/);
  });

  it('starts Redis in the place of the shell, so that the signal to end reaches it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'redis-start-'));
    try {
      await writeFile(join(folder, 'redis-server'), '#!/bin/sh\necho "$1 $$"\ncat\n', { mode: 0o755 });
      await writeFile(join(folder, 'redis.conf'), of('ConfigMap')?.data?.['redis.conf'] ?? '');
      await writeFile(join(folder, 'store-password'), 'a $b');
      const [script = ''] = container?.args ?? [];
      const args = ['-c', script.replace('/etc/redis', folder).replace('/run/store', folder)];
      const child = spawn('sh', args, { env: { PATH: `${folder}:${process.env.PATH ?? ''}` } });
      const [first, ...settings] = (await consumeText(child.stdout)).trim().split('\n');
      expect(first).to.equal(`- ${String(child.pid)}`);
      expect(settings).to.include('appendonly yes');
      expect(settings.at(-1)).to.equal('requirepass "a $b"');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: {
    readonly template?: {
      readonly spec: {
        readonly containers: readonly {
          readonly image: string;
          readonly args: readonly string[];
          readonly resources: { readonly limits: object; readonly requests: object };
        }[];
      };
    };
  };
}
