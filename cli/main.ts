import { runCommand } from './run-command.ts';

const code = await runCommand(process.argv.slice(2));
// A command that was carried out may have found something to say by its code, as `doctor` does.
if (code !== 0) process.exitCode = code;
