import { expect } from 'chai';
import { functionEnvironment } from '../../../scripts/gateway/function-environment.ts';
import { parseStack } from '../../../scripts/gateway/stack-file.ts';

const [SPEC] = parseStack(`
functions:
  clip:
    handler: ./clip
    environment: { max_queue: 64, gateway_url: http://gateway.openfaas, healthcheck_interval: 3s }`);

describe('the environment of a function under npm start', () => {
  const environmentWith = (
    shell: NodeJS.ProcessEnv,
    added?: Readonly<Record<string, string>>,
  ): NodeJS.ProcessEnv => {
    if (SPEC === undefined) throw new Error('Expected a function in the stack of this test.');
    return functionEnvironment(SPEC, { shell, gatewayUrl: 'http://127.0.0.1:9', added });
  };

  it('is that of the stack file, beside what the shell has', () => {
    expect(environmentWith({ PATH: '/bin' })).to.include({ max_queue: '64', PATH: '/bin' });
  });

  it('takes a setting from the shell before the stack file', () => {
    expect(environmentWith({ max_queue: '4' })).to.include({ max_queue: '4' });
  });

  it('leads to the local gateway, on a free port, whatever either of them says', () => {
    const shell = {
      PORT: '8080',
      gateway_url: 'http://elsewhere',
      http_port: '1',
      healthcheck_interval: '9s',
    };
    const env = environmentWith(shell);
    expect(env).to.include({ gateway_url: 'http://127.0.0.1:9', http_host: '127.0.0.1', http_port: '0' });
    expect(env).not.to.have.any.keys('PORT', 'healthcheck_interval');
  });

  it('ends with what this machine adds', () => {
    expect(environmentWith({ STORE_URL: '' }, { STORE_URL: 'lmdb:/data' })).to.include({
      STORE_URL: 'lmdb:/data',
    });
  });
});
