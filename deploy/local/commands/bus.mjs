/** `npm run bus -- SERVICE COMMAND`: operates the bus of a running service; `--help` tells the commands. */
import { runBus } from '../bus/run.mjs';

process.exitCode = await runBus(process.argv.slice(2), process.env, console.log, console.error);
