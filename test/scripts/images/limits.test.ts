import { expect } from 'chai';
import { parseStack } from '../../../scripts/gateway/stack-file.ts';
import { cpus, memoryBytes, runArguments } from '../../../scripts/images/limits.ts';

describe('limits of a stack file for docker run', () => {
  it('are bytes', () => {
    expect(memoryBytes('256Mi')).to.equal(268_435_456);
    expect(memoryBytes('1Gi')).to.equal(2 ** 30);
    for (const wrong of ['1GB', '', '1.5Gi', '-1Mi'])
      expect(() => memoryBytes(wrong)).to.throw('Expected memory');
  });

  it('are processors', () => {
    expect(cpus('500m')).to.equal(0.5);
    expect(cpus('2')).to.equal(2);
  });

  it('confine a container as its pod is, swap included', () => {
    const [one] = parseStack(`functions:
      clip:
        handler: ./functions/clip
        image: a/clip:1
        limits: { cpu: 500m, memory: 1Gi }
        environment: { max_queue: '4', STORE_URL: redis://redis:6379 }`);
    if (one === undefined) throw new Error('Expected a function.');
    const args = runArguments(one, { STORE_URL: '' }).join(' ');
    expect(args).to.contain('--memory 1073741824 --memory-swap 1073741824 --cpus 0.5');
    expect(args).to.contain('--read-only').and.to.contain('--cap-drop ALL');
    expect(args).to.contain('--env max_queue=4 --env STORE_URL= ');
    expect(args).to.match(/--publish 127\.0\.0\.1::8080.* a\/clip:1$/);
  });
});
