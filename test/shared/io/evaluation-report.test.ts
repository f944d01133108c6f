import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { evaluationPath, readAccuracy, readEvaluation } from '../../../shared/io/evaluation-report.ts';

describe('readEvaluation', () => {
  let directory: string;
  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'evaluation-'));
    await mkdir(join(directory, 'evaluations'));
  });
  after(() => rm(directory, { recursive: true }));

  it('reads what was written there', async () => {
    await writeFile(evaluationPath(directory, 'cat-dog'), '{"head": "cat-dog", "n": 200}');
    expect(await readEvaluation({ directory }, 'cat-dog')).to.deep.equal({ head: 'cat-dog', n: 200 });
  });

  it('gives the accuracy of the version that was evaluated, and of no other', async () => {
    await writeFile(
      evaluationPath(directory, 'measured'),
      '{"version": "sha256:1", "top1": {"value": 0.75}}',
    );
    expect(await readAccuracy({ directory }, { id: 'measured', version: 'sha256:1' })).to.equal(0.75);
    expect(await readAccuracy({ directory }, { id: 'measured', version: 'sha256:2' })).to.equal(undefined);
    expect(await readAccuracy({ directory }, { id: 'digits', version: 'sha256:1' })).to.equal(undefined);
  });

  it('is undefined where nothing was', async () => {
    expect(await readEvaluation({ directory }, 'digits')).to.equal(undefined);
  });

  it('says which file is no JSON', async () => {
    await writeFile(evaluationPath(directory, 'broken'), '{');
    const error: unknown = await readEvaluation({ directory }, 'broken').catch((reason: unknown) => reason);
    expect(error).to.have.property('message').that.contains('broken.json');
  });

  for (const id of ['../bundle', 'a/b', '', 'A', 'x'.repeat(41)]) {
    it(`has no path for ${JSON.stringify(id)}`, () => {
      expect(() => evaluationPath(directory, id)).to.throw(RangeError);
    });
  }
});
