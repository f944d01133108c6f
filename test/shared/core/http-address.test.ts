import { expect } from 'chai';
import { isHttpAddress } from '../../../shared/core/http-address.ts';

describe('isHttpAddress', () => {
  for (const text of ['http://127.0.0.1:8080', 'https://gateway.example.com/', 'http://[::1]:8080/below']) {
    it(`takes ${text}`, () => expect(isHttpAddress(text)).to.equal(true));
  }

  for (const text of [
    '',
    'gateway:8080',
    'ftp://h',
    'http://',
    'http:///path',
    'http:// h',
    'http://h:99999',
    'HTTP://h',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => expect(isHttpAddress(text)).to.equal(false));
  }
});
