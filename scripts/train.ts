import { runCommand } from './command/run-command.ts';
import { runTrain } from './train/run-train.ts';

await runCommand(async (context) => {
  await runTrain(process.argv.slice(2), context);
});
