// Mocha prints with one reporter; the gate also wants the counts in a file, and what failed, to say it again at its end.
const { reporters, Runner } = require('mocha');
const { writeFileSync } = require('node:fs');

module.exports = class SpecAndCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const failures = this.failures.map((test) => ({
        title: test.titlePath().join(' › '),
        error: test.err?.stack ?? String(test.err),
      }));
      writeFileSync(options.reporterOptions.output, JSON.stringify({ stats: this.stats, failures }));
    });
  }
};
