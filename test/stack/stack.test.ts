import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readStack, ROOT, schemaErrors, type StackFile } from './read-stack.ts';

describe('stack.yml', () => {
  it('is what its schema asks for', () => {
    expect(schemaErrors(readStack())).to.deep.equal([]);
  });

  it('has frontend and clip, which need no secret, with handlers that are there', () => {
    const { functions } = readStack();
    expect(Object.keys(functions).sort()).to.deep.equal(['clip', 'frontend']);
    for (const entry of Object.values(functions)) {
      expect(entry).to.include({ lang: 'typescript', readonly_root_filesystem: true });
      expect(entry).not.to.have.property('secrets');
      expect(existsSync(join(ROOT, entry.handler, 'package.json'))).to.equal(true);
    }
  });

  it('takes any registry and tag from the environment', () => {
    expect(readStack().functions.clip?.image).to.equal('clip-functions/clip:latest');
    const ours = readStack({ IMAGE_PREFIX: '127.0.0.1:5000/me', IMAGE_TAG: '1.2.3' });
    expect(ours.functions.clip?.image).to.equal('127.0.0.1:5000/me/clip:1.2.3');
    expect(ours.functions.frontend?.image).to.equal('127.0.0.1:5000/me/frontend:1.2.3');
  });

  it('copies code and models, never a package.json, and puts weights into the image of clip alone', () => {
    const { configuration, functions } = readStack();
    expect(configuration.copy).to.deep.equal(['shared', 'models']);
    for (const folder of configuration.copy) {
      expect(existsSync(join(ROOT, folder, 'package.json'))).to.equal(false);
    }
    expect(functions.clip?.build_args).to.deep.equal({ MODELS: 'mini-clip' });
    expect(functions.frontend?.build_args).to.equal(undefined);
  });

  it('lets Prometheus scrape each replica of clip', () => {
    expect(readStack().functions.clip?.annotations).to.include({
      'prometheus.io.scrape': 'true',
      'prometheus.io.port': '8080',
    });
  });

  it('asks for no more than it allows', () => {
    const memory = (text: string): number => parseInt(text, 10) * (text.endsWith('Gi') ? 1024 : 1);
    const cpu = (text: string): number => (text.endsWith('m') ? parseInt(text, 10) : Number(text) * 1000);
    for (const { limits, requests } of Object.values(readStack().functions)) {
      expect(memory(requests.memory)).to.be.at.most(memory(limits.memory));
      expect(cpu(requests.cpu)).to.be.at.most(cpu(limits.cpu));
    }
  });
});

describe('the schema of the stack file', () => {
  /** The real file with one thing changed. */
  function changed(change: (stack: StackFile & Record<string, unknown>) => void): readonly string[] {
    const stack = readStack();
    change(stack as StackFile & Record<string, unknown>);
    return schemaErrors(stack);
  }
  const clipOf = (stack: StackFile): Record<string, unknown> => ({ ...stack.functions.clip });
  const withClip = (part: Readonly<Record<string, unknown>>): readonly string[] =>
    changed((stack) => {
      stack.functions.clip = { ...clipOf(stack), ...part } as never;
    });

  it('catches unknown keys at every level', () => {
    expect(changed((stack) => (stack.function = {}))).to.deep.equal([
      ' must NOT have additional properties: function',
    ]);
    expect(withClip({ timeout: '10s' })).to.deep.equal([
      '/functions/clip must NOT have additional properties: timeout',
    ]);
    expect(withClip({ limits: { cpus: '2' } })).to.deep.equal([
      '/functions/clip/limits must NOT have additional properties: cpus',
    ]);
    expect(changed((stack) => Object.assign(stack.configuration, { Copy: [] }))).to.have.length(1);
    expect(changed((stack) => Object.assign(stack.provider, { url: 'x' }))).to.have.length(1);
  });

  for (const name of ['zero', 'zero-duration', 'target', 'type', 'target-proportion']) {
    it(`refuses the label com.openfaas.scale.${name}, as the Community Edition does`, () => {
      expect(withClip({ labels: { [`com.openfaas.scale.${name}`]: '1' } })).to.deep.equal([
        `/functions/clip/labels must NOT have additional properties: com.openfaas.scale.${name}`,
      ]);
    });
  }

  it('takes labels of other owners', () => {
    expect(withClip({ labels: { 'app.kubernetes.io/part-of': 'clip', 'com.openfaas.scale.max': '5' } })).to.be
      .empty;
  });

  it('refuses more replicas than the Community Edition has', () => {
    expect(withClip({ labels: { 'com.openfaas.scale.max': '6' } })).to.have.length(1);
  });

  it('refuses numbers where Kubernetes takes texts', () => {
    expect(withClip({ environment: { max_queue: 4 } })).to.deep.equal([
      '/functions/clip/environment/max_queue must be string',
    ]);
    expect(withClip({ annotations: { 'prometheus.io.scrape': true } })).to.have.length(1);
  });

  it('refuses settings whose case nobody reads, and the port that is the gateway’s', () => {
    expect(withClip({ environment: { MAX_QUEUE: '4' } })).not.to.be.empty;
    expect(withClip({ environment: { PORT: '8080' } })).not.to.be.empty;
    expect(withClip({ environment: { CLIP_MODEL: 'mini-clip' } })).to.be.empty;
  });

  it('refuses memory that is no quantity, and names that are none', () => {
    expect(withClip({ limits: { memory: '1GB' } })).to.have.length(1);
    expect(changed((stack) => (stack.functions.Clip_ = stack.functions.clip as never))).to.have.length(1);
  });
});
