import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

    it('is there once it listens', async () => {
      await servers.start({ suppress_lock: 'true', TMPDIR: folder });
      expect(isThere()).to.equal(true);
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
