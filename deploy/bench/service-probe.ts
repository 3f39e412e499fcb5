/**
 * Loaded into a service before its own code (`--import`), so that the benchmark can ask it, over a port of its own, for
 * what it sends to Postgres, what it uses and where its time goes. The service's code is untouched.
 */
import { createServer } from 'node:http';
import { Session } from 'node:inspector/promises';
import { serialize } from 'node:v8';
import { Recorder } from './recorder.js';

const port = Number(process.env.BENCH_PROBE_PORT);
const recorder = new Recorder();
const session = new Session();

const questions: Record<string, () => unknown> = {
  '/record': () => recorder.start(),
  '/recorded': () => recorder.stop(),
  '/usage': () => ({
    cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6,
    rssMb: process.memoryUsage.rss() / 2 ** 20,
  }),
  '/database': () => process.env.DATABASE_URL,
  '/profile': async () => {
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
  },
  '/profiled': async () => (await session.post('Profiler.stop')).profile,
};

// `npm migrate` and other commands of the service are short and share the variables: only the one that serves gets the
// port
if (port && process.argv.length <= 2) {
  createServer(async (request, response) => {
    response.end(serialize(await questions[request.url ?? '']?.()));
  })
    .listen(port, '127.0.0.1')
    .unref();
}
