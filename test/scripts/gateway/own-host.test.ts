import { expect } from 'chai';
import { isOwnHost } from '../../../scripts/gateway/own-host.ts';

describe('isOwnHost', () => {
  for (const host of [
    'localhost',
    'LOCALHOST:8080',
    'page.localhost',
    '127.0.0.1:8080',
    '[::1]:8080',
    '192.168.1.7',
    'laptop:8080',
    'host.docker.internal:8080',
  ]) {
    it(`takes ${host}`, () => expect(isOwnHost(host)).to.equal(true));
  }
  for (const host of [
    'rebound.example',
    'localhost.rebound.example',
    '127.0.0.1.rebound.example:8080',
    'rebound.example#.localhost',
    'evil@rebound.example',
    'a b',
    '',
  ]) {
    it(`refuses ${JSON.stringify(host)}`, () => expect(isOwnHost(host)).to.equal(false));
  }
});
