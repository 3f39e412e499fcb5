import { once } from 'node:events';

/** Jest's global teardown: lets the holder of the engines stop them, and waits until they are gone. */
export default async function teardown() {
  const { testEngines: holder } = /** @type {{ testEngines?: import('node:child_process').ChildProcess }} */ (
    globalThis
  );
  if (!holder || holder.exitCode !== null) return;
  holder.stdin?.end();
  await once(holder, 'exit');
}
