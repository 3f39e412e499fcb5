import { join } from 'node:path';
import type { Json } from '@quen/testing';
import { clients } from './clients.js';
import { consumer } from './consumer.js';
import { postgresSettings, startEngines, type Engines } from './engines.js';
import { growth } from './growth.js';
import { latency } from './latency.js';
import { machine } from './machine.js';
import type { Options } from './options.js';
import { findPgbench, pgbenchVersion } from './pgbench.js';
import { relay } from './relay.js';
import { markdownOf, write, type Part } from './report.js';
import { writePath } from './write.js';

export const parts: Record<string, (engines: Engines, options: Options) => Promise<Part>> = {
  relay,
  consumer,
  latency,
  write: writePath,
  growth,
  clients,
};

/**
 * Runs the parts one after the other on engines of their own; prints the tables and keeps them and every sample.
 * @param folder of the results
 * @returns whether every aim is met
 */
export async function run(options: Options, folder: string): Promise<boolean> {
  findPgbench();
  const begin = machine();
  const engines = await startEngines(options.say);
  let ending: Promise<void> | undefined;
  const end = () => (ending ??= engines.stop());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void end().then(() => process.exit(1)));
  try {
    const settings = await postgresSettings(engines.databaseUrl);
    const results = [];
    for (const name of options.parts) {
      options.say(name);
      const result = await parts[name]?.(engines, options);
      if (!result) continue;
      results.push(result);
      console.log(`${markdownOf(result)}\n`);
    }
    const conditions = {
      at: new Date().toISOString(),
      quick: options.quick,
      rounds: options.rounds,
      machine: begin,
      loadAtEnd: machine().load,
      postgres: settings,
      pgbench: pgbenchVersion(),
      kafka: '4.1.0, one node',
    };
    console.log(`${describe(conditions)}\n`);
    write(
      join(folder, 'bench.md'),
      `# Benchmark\n\n${describe(conditions)}\n\n${results.map(markdownOf).join('\n\n')}\n`,
    );
    write(options.json ?? join(folder, 'bench.json'), `${JSON.stringify({ ...conditions, results }, undefined, 1)}\n`);
    return results.every(({ aims }) => aims.every(({ met }) => met));
  } finally {
    await end();
  }
}

function describe({
  at,
  quick,
  rounds,
  machine: { processor, cores, memoryGb, load, kernel, node },
  loadAtEnd,
  postgres,
  pgbench,
  kafka,
}: Json) {
  return [
    `${at}, ${rounds} rounds${quick ? ', --quick' : ''}. ${processor}, ${cores} cores, ${memoryGb} GB, Linux ${kernel}; load ${load.join(' ')} at the beginning, ${loadAtEnd.join(' ')} at the end.`,
    `Node ${node}, Postgres ${postgres.server_version} (fsync ${postgres.fsync}, synchronous_commit ${postgres.synchronous_commit}, full_page_writes ${postgres.full_page_writes}, shared_buffers ${postgres.shared_buffers}), Kafka ${kafka}, ${pgbench}.`,
    'Medians, in parentheses the least and the most of the rounds. Everything runs on one machine, so our process shares it with both engines and with whatever measures.',
  ].join('\n');
}
