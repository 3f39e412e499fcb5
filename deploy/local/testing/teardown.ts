import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Jest's global teardown: lets the holder of the engines stop them, and waits until they are gone. */
export default async function teardown() {
  const { testEngines: holder } = globalThis as { testEngines?: ChildProcess };
  if (!holder || holder.exitCode !== null) return;
  holder.stdin?.end();
  await once(holder, 'exit');
}
