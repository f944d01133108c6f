/**
 * Coverage counts what the tests themselves run, not what they start. A worker thread or a child process loads the same
 * files in another translation (ES modules there, CommonJS here), and V8's counts of the two cannot be added up: files
 * that both load would come out as hardly covered. The test process has its counters already when this is read.
 */
delete process.env.NODE_V8_COVERAGE;
