/** `npm run bus -- SERVICE COMMAND`: operates the bus of a running service; `--help` tells the commands. */
import { runBus } from '../bus/run.mjs';

// `npm run bus -- … | head` closes the pipe: whoever reads has enough.
process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await runBus(process.argv.slice(2), process.env, console.log, console.error);
