import { runBench } from './bench/run-bench.ts';
import { runCommand } from './command/run-command.ts';

await runCommand((context) => runBench(process.argv.slice(2), context));
