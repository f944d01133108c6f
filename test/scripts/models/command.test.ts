import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { expect } from 'chai';
import { stallAfter, startFileServer, type FileServer } from './file-server.ts';
import { FIXTURE_FILES, makeFixture, type Fixture } from './fixture-catalog.ts';

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

/** The command as a process of its own. */
function run(argv: readonly string[], onOutput: (text: string, kill: () => void) => void = () => undefined) {
  return new Promise<Outcome>((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/models.ts', ...argv]);
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      onOutput(output, () => child.kill('SIGINT'));
    });
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, errors }));
  });
}

describe('the process of npm run models', () => {
  let server: FileServer;
  let fixture: Fixture;

  before(async () => {
    server = await startFileServer(
      new Map([...FIXTURE_FILES].map(([path, content]) => [`/${path}`, content])),
    );
    fixture = await makeFixture(`${server.origin}/`);
  });

  after(async () => {
    await server.close();
    await fixture.remove();
  });

  it('leaves with 2 and says how to get help when it does not understand', async () => {
    const { code, errors } = await run(['dance']);
    expect(code).to.equal(2);
    expect(errors).to.contain('npm run models -- --help').and.not.to.contain('    at ');
  });

  it('leaves with 1 and one line when it fails', async () => {
    const { code, errors } = await run(['fetch', 'unheard-of', '--models', fixture.modelsDir]);
    expect(code).to.equal(1);
    expect(errors.trim()).to.equal('Expected a bundle of the catalogue (tiny-clip) but received unheard-of.');
  });

  it('stops on Ctrl-C with 130, without a lock, and goes on the next time', async () => {
    const allWell = () => false;
    server.misbehave(allWell, allWell, allWell, stallAfter(30_000));
    const argv = ['fetch', 'tiny-clip', '--no-prepare', '--models', fixture.modelsDir];
    const stopped = await run(argv, (output, kill) => {
      if (output.includes('vision_model.onnx')) kill();
    });
    expect(stopped.code).to.equal(130);
    expect(stopped.errors).to.contain('The same command goes on where it stopped.');
    expect(await readdir(fixture.modelsDir)).not.to.include('.lock-tiny-clip');
    expect(await run(argv)).to.include({ code: 0, errors: '' });
    const listed = await run(['list', '--models', fixture.modelsDir]);
    expect(listed.output).to.match(/tiny-clip +\d+ kB +CC0-1.0 +installed +A tiny CLIP of noise/);
  });

  it('verifies the files, and says that heads are missing', async () => {
    const { code, output, errors } = await run(['verify', 'tiny-clip', '--models', fixture.modelsDir]);
    expect(code).to.equal(1);
    expect(output)
      .to.contain('tiny-clip is whole: 5 files, revision sha256:')
      .and.to.contain('head pets: absent');
    expect(errors).to.contain('npm run models -- prepare tiny-clip');
  });
});
