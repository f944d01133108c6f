import { runEvaluate } from './evaluate/run-evaluate.ts';
import { runCommand } from './command/run-command.ts';

await runCommand(async (context) => {
  await runEvaluate(process.argv.slice(2), context);
});
