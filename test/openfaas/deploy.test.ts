import { expect } from 'chai';
import { GATEWAY } from './gateway-process.ts';
import { until } from './world.ts';
import { describeOpenfaas } from './with-openfaas.ts';

describeOpenfaas('faas-cli with the gateway', (world) => {
  it('deploys the functions of stack.yml, lists and describes them', async () => {
    await world().deployStack();
    const list = await world().mustCli(['list']);
    expect(list)
      .to.match(/^clip\s+0\s+1\s*$/m)
      .and.to.match(/^frontend\s+0\s+1\s*$/m);

    const described = await world().mustCli(['describe', 'clip']);
    expect(described).to.match(/^Status:\s+Ready$/m);
    expect(described).to.match(/^Image:\s+clip-functions\/clip:latest$/m);
    expect(described).to.match(/exec_timeout:\s*10s/);
    expect(described).to.match(/prometheus\.io\.path:\s*\/metrics/);
    expect(described).to.match(/com\.openfaas\.scale\.max:\s*5/);
  });

  it('starts the function with the environment of stack.yml', async () => {
    const deployed = world().provider.deployments.get('clip')?.request;
    expect(deployed?.envVars).to.include({ max_request_bytes: '16MiB', ready_path: '/ready' });
    expect(deployed?.readOnlyRootFilesystem).to.equal(true);
    const ready = await fetch(`${GATEWAY}/function/clip/ready`);
    expect([200, 503]).to.include(ready.status);
  });

  it('shows a function’s log lines', async () => {
    await fetch(`${GATEWAY}/function/clip/ready`);
    await until(async () => {
      const logs = await world().mustCli(['logs', 'clip', '--tail=false', '--lines', '50']);
      return logs.includes('"listening"') && logs.includes('"path":"/ready"');
    });
  });

  it('is told of an image that nobody pushed', async () => {
    const { code, stdout, stderr } = await world().cli([
      'deploy',
      '--image',
      'a/stranger:1',
      '--name',
      'stranger',
    ]);
    expect(`${stdout}${stderr}`).to.contain('There is no image a/stranger:1');
    expect(code).to.not.equal(0);
  });

  it('scales a function to three and back', async () => {
    const scale = (replicas: number): Promise<Response> =>
      fetch(`${GATEWAY}/system/scale-function/frontend`, {
        method: 'POST',
        body: JSON.stringify({ serviceName: 'frontend', replicas }),
      });
    expect((await scale(3)).status).to.equal(202);
    await world().ready('frontend', 3);
    expect((await scale(1)).status).to.equal(202);
    await until(() => world().provider.deployments.get('frontend')?.replicas.length === 1);
  });

  it('removes what it deployed', async () => {
    await world().mustCli(['remove', '-f', 'stack.yml']);
    expect(await world().mustCli(['list'])).not.to.match(/^clip/m);
    expect((await fetch(`${GATEWAY}/function/clip`)).status).to.be.oneOf([404, 502]);
  });
});
