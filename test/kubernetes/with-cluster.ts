import type { Context } from 'mocha';

const REASON = process.env.KUBERNETES_TEST_SKIP ?? 'run by npm run test:kubernetes';

/** A suite on the cluster, or, where there is none, one skipped test that says what is missing. */
export function describeOnCluster(title: string, tests: () => void): void {
  if (REASON === '') {
    describe(title, tests);
    return;
  }
  describe(title, () => {
    it(`is not tested here: ${REASON}`, function (this: Context) {
      this.skip();
    });
  });
}
