/** `npm run bus -- SERVICE COMMAND`: operates the bus of a running service; `--help` tells the commands. */
import { runBus } from '../local/bus/run.js';

// `npm run bus -- … | head` closes the pipe: whoever reads has enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
process.exitCode = await runBus(process.argv.slice(2), process.env, console.log, console.error);
