import { expect } from 'chai';
import { rawRequest } from './raw-http.ts';
import { expectProblem } from './problem.ts';
import { EchoServers, type RunningServer } from './running-server.ts';

describe('the time for an answer', () => {
  const servers = new EchoServers();
  let server: RunningServer;

  before(async () => {
    await servers.build();
    server = await servers.start({ exec_timeout: '2s' });
  });
  after(() => servers.remove());

  it('is told to the function by its signal, so that it can still answer itself', async () => {
    const response = await fetch(`${server.url}/until-aborted`, { headers: { 'X-Call-Id': 'told' } });
    expect(response.status).to.equal(200);
    expect(await (await fetch(`${server.url}/aborted`)).json()).to.deep.equal(['told']);
  });

  it('over, is a 504 problem before of-watchdog’s, which says nothing', async () => {
    const response = await fetch(`${server.url}/wait?ms=4000`);
    const problem = await expectProblem(response, 504);
    expect(problem.code).to.equal('too-slow');
    expect((await server.requestLine(problem.callId ?? '')).status).to.equal(504);
  });

  it('over while the body is still on its way, is a 408 problem', async () => {
    const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc';
    const answer = await rawRequest(server.port, head);
    expect(answer.status).to.equal(408);
    expect(answer.body).to.contain('"code":"request-timeout"');
  });

  it('ends where the answer begins: a stream may outlast it', async () => {
    const response = await fetch(`${server.url}/events?n=4&ms=900`);
    expect((await response.text()).match(/data:/g)).to.have.lengthOf(4);
  });

  it('has no end at 0, as of-watchdog has it', async () => {
    const patient = await servers.start({ exec_timeout: '0s' });
    expect(await (await fetch(`${patient.url}/wait?ms=50`)).text()).to.equal('waited');
  });
});
