import { expect } from 'chai';
import { parseStack, substitute } from '../../../scripts/gateway/stack-file.ts';

describe('the stack file, as the local gateway reads it', () => {
  it('takes values from the environment, or the default', () => {
    const text = '${A}-${B:-b}-${C:-c}-${D:-}';
    expect(substitute(text, { A: '1', C: '3', B: '' })).to.equal('1-b-3-');
  });

  it('reads functions in their order, numbers as texts', () => {
    const functions = parseStack(`
functions:
  two: { handler: ./two, image: me/two:1, environment: { max_queue: 4 }, readonly_root_filesystem: true }
  one: { handler: ./one, limits: { memory: 1Gi } }`);
    expect(functions).to.have.length(2);
    expect(functions[0]).to.deep.include({
      name: 'two',
      handler: './two',
      image: 'me/two:1',
      environment: { max_queue: '4' },
      readOnlyRootFilesystem: true,
    });
    expect(functions[1]).to.deep.include({
      name: 'one',
      image: 'one',
      limits: { memory: '1Gi' },
      labels: {},
    });
  });

  it('says what is missing', () => {
    expect(() => parseStack('version: 1.0')).to.throw('Expected `functions` in the stack file');
    expect(() => parseStack('')).to.throw('Expected `functions`');
    expect(() => parseStack('functions: { clip: { image: x } }')).to.throw('for `handler` of clip');
  });

  it('refuses names that are no function’s, and settings that are no texts', () => {
    const clip = (rest: string) => `functions: { clip: { handler: ./clip, ${rest} } }`;
    expect(() => parseStack("functions: { '../x': { handler: ./x } }")).to.throw('received "../x"');
    expect(() => parseStack('functions: [a]')).to.throw('Expected `functions`');
    expect(() => parseStack(clip('environment: [a]'))).to.throw(
      'for `environment` of clip but received ["a"]',
    );
    expect(() => parseStack(clip('limits: 1Gi'))).to.throw('for `limits` of clip but received "1Gi"');
    expect(() => parseStack(clip('environment: { a: { b: 1 } }'))).to.throw('for a in `environment` of clip');
    expect(parseStack(clip('environment: { STORE_URL: }'))[0]?.environment).to.deep.equal({ STORE_URL: '' });
    expect(parseStack(clip('environment:'))[0]?.environment).to.deep.equal({});
  });
});
