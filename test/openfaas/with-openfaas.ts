import type { Context } from 'mocha';
import { World } from './world.ts';

const REASON =
  process.env.OPENFAAS_TEST_DIR === undefined ? 'run by npm run test:openfaas' : process.env.OPENFAAS_SKIP;

/**
 * A suite with a world of its own, or, where OpenFaaS's programs are not, one skipped test that says why.
 * @param tests gets the world by a function, since it stands only once the tests run
 */
export function describeOpenfaas(title: string, tests: (world: () => World) => void): void {
  if (REASON !== undefined && REASON !== '') {
    describe(title, () => {
      it(`is not tested here: ${REASON}`, function (this: Context) {
        this.skip();
      });
    });
    return;
  }
  describe(title, () => {
    let world: World | undefined;
    before(async () => {
      world = await World.start();
    });
    after(async () => {
      await world?.stop();
    });
    tests(() => {
      if (world === undefined) throw new Error('Expected this to be asked inside a test.');
      return world;
    });
  });
}
