import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { ROOT, scratchFolder } from '../../template/running-server.ts';
import { RunningGateway, type GatewayOptions } from './running-gateway.ts';

const SAMPLES = join(ROOT, 'test/fixtures/functions');

const HELLO = `
export const createFunction = async () => ({
  fetch: async () => new Response('first version'),
  ready: () => true,
  close: async () => undefined,
});`;

describe('npm start', () => {
  let scratch: Awaited<ReturnType<typeof scratchFolder>>;
  const started: RunningGateway[] = [];
  const start = (options: Partial<GatewayOptions> = {}): RunningGateway => {
    const gateway = new RunningGateway({
      stack: join(SAMPLES, 'stack.yml'),
      out: join(scratch.path, 'out'),
      ...options,
    });
    started.push(gateway);
    return gateway;
  };
  /** A stack file of one function with this source. */
  const stackOf = async (source: string, environment = ''): Promise<string> => {
    await mkdir(join(scratch.path, 'functions/hello'), { recursive: true });
    // At one go: who watches must not find it empty for long.
    writeFileSync(join(scratch.path, 'functions/hello/handler.ts'), source);
    return writeStack(environment);
  };
  const writeStack = (environment: string): string => {
    const stack = join(scratch.path, 'stack.yml');
    writeFileSync(stack, `functions:\n  hello:\n    handler: ./functions/hello\n${environment}`);
    return stack;
  };

  /** As git and many editors save. */
  const replaceHandler = async (source: string): Promise<void> => {
    const handler = join(scratch.path, 'functions/hello/handler.ts');
    await writeFile(`${handler}~`, source);
    await rename(`${handler}~`, handler);
  };

  beforeEach(async () => {
    scratch = await scratchFolder();
  });
  afterEach(async () => {
    for (const gateway of started.splice(0)) await gateway.stop();
    await scratch.remove();
  });

  it('stops when the shell has gone that npm ran it in: npm ends that alone', async () => {
    const gateway = start({ inShell: true, env: { npm_lifecycle_event: 'start' } });
    const url = await gateway.url();
    gateway.child.kill('SIGTERM');
    await gateway.line(/^Stopping/);
    await gateway.exit();
    const error: unknown = await fetch(url).catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(TypeError);
  });

  it('says in one line what to do when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const gateway = start({ env: { PORT: String(port) } });
    expect(await gateway.exit()).to.equal(1);
    expect(gateway.lines).to.deep.equal([
      `Port ${port} is in use. Choose another: PORT=${port + 1} npm start`,
    ]);
    other.close();
  });

  it('names a PORT that is none, and a stack file that is not there', async () => {
    const wrongPort = start({ env: { PORT: 'http' } });
    expect(await wrongPort.exit()).to.equal(1);
    expect(wrongPort.lines).to.deep.equal(['Expected a port for PORT but received "http".']);
    const noStack = start({ stack: join(scratch.path, 'none.yml') });
    expect(await noStack.exit()).to.equal(1);
    expect(noStack.lines[0]).to.match(/^Expected a stack file at .*none\.yml but there is none\.$/);
  });

  it('names the stack file that cannot be read, and where', async () => {
    const stack = join(scratch.path, 'stack.yml');
    await writeFile(stack, 'functions:\n  hello: {handler: [\n');
    const gateway = start({ stack });
    expect(await gateway.exit()).to.equal(1);
    expect(gateway.lines[0]).to.match(/stack\.yml: .* at line \d+, column \d+/);
    await writeFile(stack, 'version: 1.0\n');
    const nothing = start({ stack });
    expect(await nothing.exit()).to.equal(1);
    expect(nothing.lines).to.deep.equal([
      `${stack}: Expected \`functions\` in the stack file but received none.`,
    ]);
  });

  it('says how it is used, instead of starting', async () => {
    const gateway = start({ args: ['--help'] });
    expect(await gateway.exit()).to.equal(0);
    expect(gateway.lines.join('\n')).to.contain('PORT=8081 npm start').and.contain('npm run dev');
    expect(gateway.lines.join('\n')).not.to.contain('Running:');
  });

  it('shows where a source is wrong instead of starting', async () => {
    const gateway = start({ stack: await stackOf('export const = 1;') });
    expect(await gateway.exit()).to.equal(1);
    expect(gateway.lines.join('\n')).to.contain('handler.ts:1:13: ERROR');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends its children and exits with 0 on ${signal}`, async () => {
      const gateway = start();
      const url = await gateway.url();
      const response = await fetch(`${url}/function/echo/pid`);
      const pid = Number(response.headers.get('x-pid'));
      expect(() => process.kill(pid, 0)).not.to.throw();
      gateway.child.kill(signal);
      expect(await gateway.exit()).to.equal(0);
      expect(() => process.kill(pid, 0)).to.throw('ESRCH');
      expect(gateway.lines.filter((line) => line === 'echo  closed')).to.have.length(1);
    });
  }

  it('lets a call in flight end before it stops', async () => {
    const gateway = start();
    const url = await gateway.url();
    const asked = fetch(`${url}/function/echo/wait?ms=500`);
    await fetch(`${url}/function/echo`);
    gateway.child.kill('SIGTERM');
    expect(await (await asked).text()).to.equal('waited');
    expect(await gateway.exit()).to.equal(0);
  });

  it('leaves no children behind when it is killed', async () => {
    const gateway = start();
    const url = await gateway.url();
    const pid = Number((await fetch(`${url}/function/echo/pid`)).headers.get('x-pid'));
    gateway.child.kill('SIGKILL');
    await gateway.exit();
    const isAlive = (): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    for (let i = 0; i < 200 && isAlive(); i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAlive()).to.equal(false);
  });

  it('gives up on a function that dies each time, and says so', async function () {
    this.timeout(120_000);
    const stack = await stackOf('throw new Error("broken from the start");');
    const gateway = start({ stack });
    const url = await gateway.url();
    await gateway.line(/hello {2}ended \(code 1\) 6 times in a row and is not started again\./);
    const response = await fetch(`${url}/function/hello`);
    expect(response.status).to.equal(503);
    expect(await response.json()).to.include({ detail: 'hello is not running. Its log says why.' });
    const reasons = gateway.lines.filter((line) => line.includes('broken from the start'));
    expect(reasons.filter((line) => line.includes('FATAL'))).to.have.length(1);
  });

  it('with --watch builds and starts again what was changed, and survives a mistake', async () => {
    const gateway = start({ stack: await stackOf(HELLO), args: ['--watch'] });
    const url = await gateway.url();
    const answer = async (): Promise<string> => (await fetch(`${url}/function/hello`)).text();
    expect(await answer()).to.equal('first version');
    await stackOf('export const = 1;');
    await gateway.line(/handler\.ts:1:13: ERROR/);
    expect(await answer()).to.equal('first version');
    await stackOf(HELLO.replace('first', 'second'));
    await gateway.line(/^hello was built and started again\.$/);
    expect(await answer()).to.equal('second version');
    await replaceHandler(HELLO.replace('first', 'third'));
    while ((await answer()) !== 'third version') await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('with --watch takes over what the stack file says anew, and survives a mistake in it', async () => {
    const source = HELLO.replace("'first version'", 'process.env.greeting');
    const environment = (greeting: string): string => `    environment: { greeting: ${greeting} }\n`;
    const stack = await stackOf(source, environment('hello'));
    const gateway = start({ stack, args: ['--watch'] });
    const url = await gateway.url();
    const answer = async (): Promise<string> => (await fetch(`${url}/function/hello`)).text();
    expect(await answer()).to.equal('hello');
    await writeFile(stack, 'functions: [');
    await gateway.line(new RegExp(`^${stack}: `));
    expect(await answer()).to.equal('hello');
    writeStack(environment('good day'));
    await gateway.line(/^hello was started again with what the stack file says now\.$/);
    expect(await answer()).to.equal('good day');
    await writeFile(stack, (await readFile(stack, 'utf8')).replace('hello:', 'other:'));
    await gateway.line(/^The stack file names other functions now/);
  });

  it('takes a setting from the shell before the stack file', async () => {
    const source = HELLO.replace("'first version'", 'process.env.greeting');
    const stack = await stackOf(source, '    environment: { greeting: hello }\n');
    const gateway = start({ stack, env: { greeting: 'from the shell' } });
    expect(await (await fetch(`${await gateway.url()}/function/hello`)).text()).to.equal('from the shell');
  });

  it('asks clip which model it has, and says so', async () => {
    const source = await readFile(join(SAMPLES, 'model-name/handler.ts'), 'utf8');
    const stack = await stackOf(source);
    await writeFile(stack, (await readFile(stack, 'utf8')).replace('hello:', 'clip:'));
    const gateway = start({ stack });
    expect(await gateway.line(/^Model: /)).to.equal(
      'Model: mini-clip. `npm run models -- list` shows better ones to fetch.',
    );
  });
});
