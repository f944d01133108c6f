import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { authorise } from '../../../functions/trainer/access/authorise.ts';
import { parseHeadId, parseLabel, parseSha256 } from '../../../functions/trainer/access/names.ts';
import { Places } from '../../../functions/trainer/access/places.ts';
import { AppError } from '../../../shared/core/errors.ts';
import { expectProblem, pictures, ORANGE, TOKEN, TrainerUnderTest } from './harness.ts';

const HASH = 'a'.repeat(64);
/** Everything that changes something or shows people's pictures. */
const GUARDED: readonly (readonly [method: string, path: string])[] = [
  ['POST', '/heads/h/examples?label=a'],
  ['GET', '/heads/h/examples'],
  ['DELETE', '/heads/h/examples'],
  ['GET', `/heads/h/examples/${HASH}`],
  ['DELETE', `/heads/h/examples/${HASH}`],
  ['POST', '/heads/h/train'],
  ['POST', '/heads/h/rollback?version=0'],
  ['DELETE', '/heads/h'],
];

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('who may write to trainer', () => {
  let own: TrainerUnderTest;
  before(async () => (own = await TrainerUnderTest.start()));
  after(() => own.stop());

  for (const [method, path] of GUARDED) {
    it(`asks for the token on ${method} ${path}`, async () => {
      const none = await own.fetch(path, { method, token: null });
      expect(none.headers.get('WWW-Authenticate')).to.match(/^Bearer /);
      await expectProblem(none, 401);
      const wrong = await own.fetch(path, { method, token: 'guess' });
      expect(wrong.headers.get('WWW-Authenticate')).to.match(/^Bearer /);
      expect((await expectProblem(wrong, 401)).detail).to.not.contain(TOKEN);
    });
  }

  it('leaves figures open to read', async () => {
    const response = await own.fetch('/heads/warm', { token: null });
    expect(response.status).to.equal(200);
  });

  it('switches all of it off where no token is set, and says how to turn it on', async () => {
    await own.trainer.close();
    await own.startTrainer({ TRAINER_TOKEN: '' });
    for (const [method, path] of GUARDED) {
      const { code, detail } = await expectProblem(await own.fetch(path, { method }), 403);
      expect(code).to.equal('writes-off');
      expect(detail).to.match(/faas-cli secret create trainer-token.*TRAINER_TOKEN/);
    }
    expect((await own.fetch('/heads/warm', { token: null })).status).to.equal(200);
  });

  it('takes the token from the mounted secret before the environment', async () => {
    await mkdir(join(own.directory, 'secrets'));
    await writeFile(join(own.directory, 'secrets', 'trainer-token'), 'mounted\n');
    await own.trainer.close();
    await own.startTrainer();
    await expectProblem(await own.fetch('/heads/h/examples', { token: TOKEN }), 401);
    expect((await own.fetch('/heads/h/examples', { token: 'mounted' })).status).to.equal(200);
    const body = (await pictures(ORANGE, 1))[0] ?? null;
    const added = await own.fetch('/heads/h/examples?label=a', { method: 'POST', token: 'mounted', body });
    expect(added.status).to.equal(200);
  });
});

describe('authorise', () => {
  const request = (authorization?: string) =>
    new Request('http://t/', {
      headers: authorization === undefined ? {} : { Authorization: authorization },
    });

  it('takes the token in any spelling of the scheme', () => {
    for (const header of ['Bearer secret', 'bearer secret', 'BEARER   secret ']) {
      expect(
        codeOf(() => authorise(request(header), 'secret')),
        header,
      ).to.equal(undefined);
    }
  });

  it('refuses all else', () => {
    for (const header of [
      'secret',
      'Basic secret',
      'Bearer',
      'Bearer ',
      'Bearer secre',
      'Bearer secrets',
      'Bearer a b',
    ]) {
      expect(
        codeOf(() => authorise(request(header), 'secret')),
        header,
      ).to.equal('unauthorized');
    }
    expect(codeOf(() => authorise(request(), 'secret'))).to.equal('unauthorized');
    expect(codeOf(() => authorise(request('Bearer undefined'), undefined))).to.equal('writes-off');
  });
});

describe('names', () => {
  it('takes ids of heads, but not the two that cannot be trained', () => {
    expect(parseHeadId('three-dogs')).to.equal('three-dogs');
    for (const id of ['', 'Three', 'a b', 'ä', 'x'.repeat(41), '../x', 'digits', 'labels']) {
      expect(
        codeOf(() => parseHeadId(id)),
        id,
      ).to.equal('bad-request');
    }
    expect(() => parseHeadId('digits')).to.throw(AppError, 'pixels');
    expect(() => parseHeadId('labels')).to.throw(AppError, 'reserved');
  });

  it('takes labels, and says what they may be of', () => {
    expect(parseLabel([' Hu\u0308ndin '])).to.equal('Hündin');
    expect(parseLabel(['cat', 'cat'])).to.equal('cat');
    for (const labels of [[], [''], ['a/b'], ['a\nb'], ['🐶'], ['cat', 'dog']]) {
      expect(
        codeOf(() => parseLabel(labels)),
        String(labels),
      ).to.equal('bad-request');
    }
    expect(() => parseLabel(['a/b'])).to.throw(AppError, "letters, digits, space and _-'.()");
    expect(() => parseLabel([])).to.throw(AppError, 'as in ?label=cat');
    expect(() => parseLabel(['cat', 'dog'])).to.throw(AppError, '"cat" and "dog"');
  });

  it('knows a hash', () => {
    expect(parseSha256(HASH)).to.equal(HASH);
    for (const hash of ['', 'a', 'A'.repeat(64), 'g'.repeat(64)]) {
      expect(
        codeOf(() => parseSha256(hash)),
        hash,
      ).to.equal('not-found');
    }
  });
});

describe('Places', () => {
  it('gives out as many as there are, and each back once', () => {
    const places = new Places(1);
    const leave = places.take();
    expect(places.take()).to.equal(undefined);
    leave?.();
    leave?.();
    expect(places.take()).to.not.equal(undefined);
    expect(places.take()).to.equal(undefined);
  });

  it('hands a place on to whoever waited longest, before those who come later', async () => {
    const places = new Places(1);
    const leave = places.take();
    const order: string[] = [];
    const { signal } = new AbortController();
    const waiting = ['first', 'second'].map(async (name) => {
      const leaveNext = await places.wait(signal);
      order.push(name);
      leaveNext?.();
    });
    leave?.();
    expect(places.take()).to.equal(undefined);
    await Promise.all(waiting);
    expect(order).to.deep.equal(['first', 'second']);
    expect(places.taken).to.equal(0);
  });

  it('waits for a place no longer than the signal lets it, and is not given one after that', async () => {
    const places = new Places(1);
    const leave = places.take();
    const leaving = new AbortController();
    const waiting = places.wait(leaving.signal);
    leaving.abort();
    expect(await waiting).to.equal(undefined);
    leave?.();
    expect(places.taken).to.equal(0);
    expect(await places.wait(AbortSignal.abort())).to.be.a('function');
  });
});
