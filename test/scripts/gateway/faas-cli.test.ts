import { expect } from 'chai';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT, scratchFolder } from '../../template/running-server.ts';
import { RunningGateway } from './running-gateway.ts';

const isInstalled = spawnSync('faas-cli', ['help']).status === 0;

describe(`the local gateway and the real faas-cli${isInstalled ? '' : ' (skipped: no faas-cli on the PATH)'}`, () => {
  let gateway: RunningGateway;
  let url: string;
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;

  /** Runs it without holding up this process, which reads the gateway's output. */
  const faas = async (args: readonly string[], input = ''): Promise<{ status: unknown; text: string }> => {
    const child = spawn('faas-cli', args, { env: { ...process.env, OPENFAAS_URL: url } });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
    child.stdin.on('error', () => undefined).end(input);
    const [status] = (await once(child, 'close')) as [number];
    return { status, text };
  };

  before(async function () {
    if (!isInstalled) this.skip();
    scratch = await scratchFolder();
    const stack = join(ROOT, 'test/fixtures/functions/stack.yml');
    gateway = new RunningGateway({ stack, out: scratch.path });
    url = await gateway.url();
  });
  after(async () => {
    if (!isInstalled) return;
    await gateway.stop();
    await scratch.remove();
  });

  it('invoke sends the input and prints the answer', async () => {
    const { status, text } = await faas(['invoke', 'echo'], 'four');
    expect(status).to.equal(0);
    // Before the answer it complains about a configuration file that nobody needs here.
    expect(JSON.parse(text.slice(text.indexOf('{')))).to.include({ method: 'POST', path: '/', bytes: 4 });
  });

  it('invoke of a function that there is not fails', async () => {
    const { status, text } = await faas(['invoke', 'nobody'], 'x');
    expect(status).to.equal(1);
    expect(text).to.contain('404');
  });

  it('list names the functions, their calls and replicas', async () => {
    const { status, text } = await faas(['list']);
    expect(status).to.equal(0);
    expect(text).to.match(/^echo\s+[1-9]\d*\s+1\s*$/m);
    expect(text).to.match(/^frontend\s+0\s+1\s*$/m);
  });

  it('describe says that it is ready, and how it was set up', async () => {
    const { status, text } = await faas(['describe', 'echo']);
    expect(status).to.equal(0);
    expect(text).to.match(/Status:\s+Ready/);
    expect(text).to.contain('samples/echo:latest').and.to.contain('greeting: hello');
  });

  it('version shows what answers', async () => {
    expect((await faas(['version'])).text).to.match(/name:\s+local/);
  });
});
