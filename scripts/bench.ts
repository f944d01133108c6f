import { runBench } from './bench/run-bench.ts';
import { runCommand } from './models/run-command.ts';

await runCommand((context) => runBench(process.argv.slice(2), context));
