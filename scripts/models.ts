import { runModels } from './models/run-models.ts';
import { runCommand } from './command/run-command.ts';

await runCommand((context) => runModels(process.argv.slice(2), context));
