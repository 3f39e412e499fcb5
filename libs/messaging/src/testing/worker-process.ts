import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Lab } from './lab.js';

/** Starts a worker as a process of its own and waits until it works. */
export async function startWorker(lab: Lab, kind: 'single' | 'bulk' = 'single', roles = 'relay,consumer', brokers = lab.brokers): Promise<ChildProcess> {
  const worker = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), [lab.databaseUrl, brokers, lab.namespace, kind, roles], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: ['--no-warnings'] });
  await Promise.race([once(worker, 'message'), once(worker, 'exit').then(([code]) => { throw new Error(`The worker ended with ${String(code)}`); })]);
  return worker;
}

/** Ends a worker and waits until it is gone. */
export async function endWorker(worker: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode;
  const gone = once(worker, 'exit');
  worker.kill(signal);
  const [code] = (await gone) as [number | null];
  return code;
}
