// Mocha prints with one reporter; the gate also wants the counts in a file. This one does both.
const { reporters, Runner } = require('mocha');
const { writeFileSync } = require('node:fs');

module.exports = class SpecAndCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      writeFileSync(options.reporterOptions.output, JSON.stringify({ stats: this.stats }));
    });
  }
};
