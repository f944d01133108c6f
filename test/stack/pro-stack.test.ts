import { expect } from 'chai';
import { parseConfig } from '../../functions/clip/config.ts';
import { readStack, schemaErrors, type StackFile } from './read-stack.ts';

const PRO_LABEL = /^com\.openfaas\.scale\.(zero|zero-duration|target|type|target-proportion)$/;
const PRO_ANNOTATION = /^com\.openfaas\.ready\.http\.(initialDelaySeconds|periodSeconds)$/;

describe('stack.pro.yml', () => {
  const plain = readStack();
  const pro = readStack({}, 'stack.pro.yml');

  const without = (texts: Readonly<Record<string, string>>, names: RegExp) =>
    Object.fromEntries(Object.entries(texts).filter(([name]) => !names.test(name)));

  /** Without what is Pro's, and with the Community Edition's most replicas. */
  function community(stack: StackFile): StackFile {
    const copy = structuredClone(stack);
    for (const entry of Object.values(copy.functions)) {
      entry.labels = { ...without(entry.labels, PRO_LABEL), 'com.openfaas.scale.max': '5' };
      if (entry.annotations !== undefined) entry.annotations = without(entry.annotations, PRO_ANNOTATION);
    }
    return copy;
  }

  it('is stack.yml but for labels and annotations', () => {
    expect(community(pro)).to.deep.equal(plain);
    expect(schemaErrors(community(pro))).to.deep.equal([]);
  });

  it('is refused where it would be: by the schema of the Community Edition', () => {
    expect(schemaErrors(pro).join()).to.contain('com.openfaas.scale.zero');
  });

  it('waits for the model, scales by load, and goes to zero', () => {
    for (const { labels } of Object.values(pro.functions)) {
      expect(labels).to.include({ 'com.openfaas.scale.zero': 'true' });
      expect(labels['com.openfaas.scale.zero-duration']).to.match(/^\d+m$/);
      expect(labels['com.openfaas.scale.type']).to.be.oneOf(['rps', 'capacity']);
      expect(Number(labels['com.openfaas.scale.target-proportion'])).to.be.within(0.1, 1);
    }
    const { clip } = pro.functions;
    expect(clip?.annotations).to.include({ 'com.openfaas.ready.http.path': '/ready' });
    expect(clip?.environment.ready_path).to.equal('/ready');
  });

  it('asks for another replica of clip long before its queue is full', () => {
    const labels = pro.functions.clip?.labels ?? {};
    const { maxQueue } = parseConfig(pro.functions.clip?.environment ?? {});
    const at =
      Number(labels['com.openfaas.scale.target']) * Number(labels['com.openfaas.scale.target-proportion']);
    expect(at).to.be.lessThan(maxQueue / 2);
  });
});
