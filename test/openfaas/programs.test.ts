import { expect } from 'chai';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram, missingPrograms, reasonToSkip, unshareArguments } from './programs.ts';

describe('the programs of OpenFaaS', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'programs-'));
    for (const place of ['own', 'path']) {
      await mkdir(join(folder, place));
      await writeFile(join(folder, place, 'faas-cli'), '#!/bin/sh\n', { mode: 0o755 });
    }
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it('are looked for in OPENFAAS_BIN first, then on the PATH', () => {
    const PATH = `${join(folder, 'empty')}:${join(folder, 'path')}`;
    expect(findProgram('faas-cli', { PATH })).to.equal(join(folder, 'path', 'faas-cli'));
    const OPENFAAS_BIN = join(folder, 'own');
    expect(findProgram('faas-cli', { PATH, OPENFAAS_BIN })).to.equal(join(folder, 'own', 'faas-cli'));
  });

  it('must be executable', async () => {
    await chmod(join(folder, 'path', 'faas-cli'), 0o644);
    expect(findProgram('faas-cli', { PATH: join(folder, 'path') })).to.equal(undefined);
  });

  it('are named when they are missing', () => {
    const env = { PATH: join(folder, 'path') };
    expect(missingPrograms(env)).to.deep.equal(['of-watchdog', 'gateway', 'unshare', 'ip', 'sh']);
    expect(reasonToSkip(env)).to.equal(
      'not found in OPENFAAS_BIN or on the PATH: of-watchdog, gateway, unshare, ip, sh',
    );
  });

  it('run in a user namespace for whoever is not root', () => {
    expect(unshareArguments(false)).to.include('--map-root-user');
    expect(unshareArguments(true)).to.not.include('--map-root-user');
  });
});
