import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HealthFile } from '../../template/typescript/server/health-file.ts';
import { EchoServers, scratchFolder } from './running-server.ts';

describe('the file that says a replica is well', () => {
  let folder: string;
  let remove: () => Promise<void>;

  beforeEach(async () => {
    ({ path: folder, remove } = await scratchFolder());
  });

  afterEach(() => remove());

  const isThere = () => existsSync(join(folder, '.lock'));

  it('is written and cleared where it is the server’s own', async () => {
    const file = new HealthFile({ isOurs: true, folder });
    await file.write();
    expect(isThere()).to.equal(true);
    await file.clear();
    expect(isThere()).to.equal(false);
    await file.clear();
  });

  it('is left alone where it is the watchdog’s', async () => {
    const file = new HealthFile({ isOurs: false, folder });
    await file.write();
    expect(isThere()).to.equal(false);
    await writeFile(join(folder, '.lock'), '');
    await file.clear();
    expect(isThere()).to.equal(true);
  });

  describe('of a server', () => {
    const servers = new EchoServers();
    before(() => servers.build());
    after(() => servers.remove());

    const untilThere = async () => {
      while (!isThere()) await pause(20);
    };

    it('is there once its function is loaded', async () => {
      const server = await servers.start({ suppress_lock: 'true', TMPDIR: folder });
      await untilThere();
      await server.line(({ msg }) => msg === 'loaded');
    });

    it('is there while it loads what takes long, but not at once', async () => {
      const server = await servers.start({ suppress_lock: 'true', TMPDIR: folder, load_ms: '60000' });
      expect(isThere()).to.equal(false);
      await untilThere();
      expect(server.lines.map(({ msg }) => msg)).to.not.include('loaded');
    });

    it('is never there when the function cannot be loaded: no release of that kind takes the place of one that serves', async () => {
      const server = await servers.start({
        suppress_lock: 'true',
        TMPDIR: folder,
        fail_to_load: 'on purpose',
      });
      expect(await server.exit()).to.equal(1);
      expect(isThere()).to.equal(false);
    });

    it('is not there when the server could not start, whatever was left from before', async () => {
      await writeFile(join(folder, '.lock'), '');
      const busy = await servers.start({ TMPDIR: folder });
      const http_port = new URL(busy.url).port;
      const server = await servers.start({ suppress_lock: 'true', TMPDIR: folder, http_port });
      expect(await server.exit()).to.equal(1);
      expect(isThere()).to.equal(false);
    });

    it('asks for true or false', async () => {
      const server = await servers.start({ suppress_lock: 'yes', TMPDIR: folder });
      expect(await server.exit()).to.equal(1);
    });
  });
});
