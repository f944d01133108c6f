import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseStack, type StackFunction } from '../../../scripts/gateway/stack-file.ts';
import type { RunProgram } from '../../../scripts/images/docker.ts';
import { sizesTable, trialsTable } from '../../../scripts/images/report.ts';
import { tryImage } from '../../../scripts/images/try-image.ts';

const MIB = 2 ** 20;

/** What `docker exec … sh -c` of the stand-in engine says, by a word of the line. */
interface Inside {
  readonly id: string;
  readonly touch: string;
  readonly find: string;
  readonly cgroup: string;
}

const WELL: Inside = { id: '1000', touch: 'no', find: '', cgroup: String(50 * MIB) };

describe('the trial of an image', () => {
  let server: Server;
  let status = 200;
  const commands: string[] = [];

  beforeEach(async () => {
    status = 200;
    commands.length = 0;
    server = createServer((request, response) => {
      const isHealth = request.url === '/_/health';
      response.writeHead(isHealth ? 200 : status).end('said');
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => server.close());

  /** An engine whose one container is the server above. */
  function engine(inside: Inside): RunProgram {
    return (command, args) => {
      commands.push([command, ...args].join(' '));
      if (args[0] === 'run')
        return Promise.resolve(args.includes('--network') ? 'stand-in\n' : 'container\n');
      if (args[0] === 'logs') return Promise.resolve('listening\n');
      if (args[0] === 'port') return Promise.resolve(`127.0.0.1:${(server.address() as AddressInfo).port}\n`);
      if (args[0] !== 'exec') return Promise.resolve('');
      const line = args.at(-1) ?? '';
      const word = (['touch', 'find', 'cgroup', 'id'] as const).find((one) => line.includes(one));
      return Promise.resolve(`${word === undefined ? '' : inside[word]}\n`);
    };
  }

  function stackFunction(name: string): StackFunction {
    const limits = 'limits: { cpu: 500m, memory: 100Mi }';
    const [one] = parseStack(`functions: { ${name}: { handler: ./x, image: a/${name}:1, ${limits} } }`);
    if (one === undefined) throw new Error('Expected a function.');
    return one;
  }

  const tried = (inside: Inside, name = 'frontend', shows = /said/) =>
    tryImage(
      stackFunction(name),
      { send: (url) => fetch(url), shows },
      { run: engine(inside), seconds: 0.1, perSecond: 50 },
    );

  it('finds nothing where all is well, and takes the container away', async () => {
    const trial = await tried(WELL);
    expect(trial).to.deep.equal({
      name: 'frontend',
      sent: 5,
      turnedAway: 0,
      peakBytes: 50 * MIB,
      limitBytes: 100 * MIB,
      faults: [],
    });
    expect(commands.join()).to.contain(
      'docker run --detach --network container:container --env STAND_IN_PORT=',
    );
    expect(commands.at(-1)).to.equal('docker rm --force stand-in container');
  });

  it('gives clip no stand-in', async () => {
    await tried(WELL, 'clip');
    expect(commands.join()).to.not.contain('--network');
    expect(commands.at(-1)).to.equal('docker rm --force container');
  });

  it('finds a root user, a root that can be written, and weights where none belong', async () => {
    const { faults } = await tried({ ...WELL, id: '0', touch: 'yes', find: '/home/app/x.onnx' });
    expect(faults).to.deep.equal([
      'runs as user 0, not 1000',
      'can write to its root',
      'carries /home/app/x.onnx',
    ]);
  });

  it('wants weights in the image of clip', async () => {
    expect((await tried(WELL, 'clip')).faults).to.deep.equal(['carries no weights']);
    expect((await tried({ ...WELL, find: '/home/app/models/x.onnx' }, 'clip')).faults).to.deep.equal([]);
  });

  it('finds more than 80 % of the limit, and a peak that could not be read', async () => {
    expect((await tried({ ...WELL, cgroup: String(81 * MIB) })).faults.join()).to.contain('more than 80 %');
    expect((await tried({ ...WELL, cgroup: '' })).faults).to.have.length(1);
  });

  it('finds wrong answers', async () => {
    status = 500;
    expect((await tried(WELL)).faults[0]).to.equal('answered wrongly: 500 said');
  });

  it('takes the container away also when it is ended early', async () => {
    const rate = { seconds: 60, perSecond: 50, signal: AbortSignal.abort(new Error('stopped')) };
    const load = { send: (url: string) => fetch(url), shows: /said/ };
    const trial = tryImage(stackFunction('clip'), load, { run: engine(WELL), ...rate });
    expect(await trial.then(String, String)).to.equal('Error: stopped');
    expect(commands.at(-1)).to.equal('docker rm --force container');
  });

  it('counts who is turned away, and finds a load of which no answer is as it is meant to be', async () => {
    status = 429;
    const { turnedAway, faults } = await tried(WELL, 'frontend', /picture/);
    expect(turnedAway).to.equal(5);
    expect(faults).to.deep.equal(['answered wrongly: no answer has picture']);
  });

  it('is told in Markdown', async () => {
    expect(trialsTable([await tried(WELL)])).to.contain('| frontend | 5 | 0 | 50 MiB | 100 MiB | 50 % |');
    const sizes = sizesTable([{ name: 'clip', totalBytes: 488_600_000, ownBytes: 124_500_000 }]);
    expect(sizes).to.contain('| clip | 489 MB | 125 MB |');
  });
});
