import { expect } from 'chai';
import { GATEWAY } from './gateway-process.ts';
import { describeOpenfaas } from './with-openfaas.ts';

describeOpenfaas('secrets', (world) => {
  const deploy = ['deploy', '--image', 'tests/probe', '--name', 'keeper', '--secret', 'trainer-token'];

  it('must be there before the function that names them', async () => {
    const { code, stdout, stderr } = await world().cli(deploy);
    expect(code).to.not.equal(0);
    expect(`${stdout}${stderr}`).to.contain('There is no secret trainer-token');
  });

  it('are made, listed, and read by the function as files', async () => {
    await world().mustCli(['secret', 'create', 'trainer-token', '--from-literal', 'twelve chars']);
    expect(await world().mustCli(['secret', 'list'])).to.contain('trainer-token');
    await world().mustCli(deploy);
    await world().ready('keeper');
    const response = await fetch(`${GATEWAY}/function/keeper/secret/trainer-token`);
    expect(await response.json()).to.deep.equal({ length: 'twelve chars'.length });
  });

  it('are changed and removed', async () => {
    await world().mustCli(['secret', 'update', 'trainer-token', '--from-literal', 'four']);
    const response = await fetch(`${GATEWAY}/function/keeper/secret/trainer-token`);
    expect(await response.json()).to.deep.equal({ length: 4 });
    await world().mustCli(['secret', 'remove', 'trainer-token']);
    expect(await world().mustCli(['secret', 'list'])).not.to.contain('trainer-token');
  });
});
