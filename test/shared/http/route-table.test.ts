import { expect } from 'chai';
import { RouteTable } from '../../../shared/http/route-table.ts';

const table = new RouteTable([
  { method: 'ALL', path: '/*' },
  { method: 'GET', path: '/' },
  { method: 'POST', path: '/' },
  { method: 'GET', path: '/heads' },
  { method: 'GET', path: '/heads/:head' },
  { method: 'GET', path: '/openapi.json' },
  { method: 'DELETE', path: '/heads/:head/examples/:sha256' },
]);

describe('RouteTable', () => {
  it('tells the methods of a path: HEAD with GET, OPTIONS always', () => {
    expect(table.methodsOf('/')).to.deep.equal(['GET', 'HEAD', 'POST', 'OPTIONS']);
    expect(table.methodsOf('/heads/cifar100')).to.deep.equal(['GET', 'HEAD', 'OPTIONS']);
    expect(table.methodsOf('/heads/a/examples/b')).to.deep.equal(['DELETE', 'OPTIONS']);
  });

  it('takes a slash at the end for nothing', () => {
    expect(table.routeOf('/heads/')).to.equal('/heads');
    expect(table.routeOf('/heads/a/')).to.equal('/heads/:head');
  });

  for (const path of ['/head', '/heads/a/b', '/headsa', '/openapiXjson', '//', '/heads//', '/x/heads']) {
    it(`has nothing at ${path}`, () => {
      expect(table.methodsOf(path)).to.deep.equal([]);
      expect(table.missing('GET', path)).to.include({ code: 'not-found' });
    });
  }

  it('says 405 with the methods that there are', () => {
    const error = table.missing('PUT', '/heads/a');
    expect(error.code).to.equal('method-not-allowed');
    expect(error.allow).to.deep.equal(['GET', 'HEAD', 'OPTIONS']);
    expect(error.message).to.contain('/heads/:head').and.contain('"PUT"');
  });
});
