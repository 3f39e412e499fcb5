import type { DataSource } from 'typeorm';
import type { KafkaClient, PartitionOffsets } from '../kafka/port.js';
import { enterPositions, isBootstrapping, originsOf, placeKey, readPositions } from './positions.js';
import type { ReactionGroup } from './reaction-group.js';
import { noteHeard } from './types-heard.js';

/** Where a member of a group stands in the partitions it was given. */
export interface Placement {
  readonly partitions: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly next: bigint;
    readonly epoch: bigint;
    /** The topic ends before this position: it was made anew, or lost records. */
    readonly shortened: boolean;
  }[];
  /** State is still being read for the first time. */
  readonly bootstrapping: boolean;
}

/**
 * Reads the group's positions. Missing ones are entered for all partitions of its topics at once, by the first process
 * that reads them. So the ends of the fact topics are noted before the first state is read.
 */
export async function placeGroup(
  group: ReactionGroup,
  assignment: ReadonlyMap<string, readonly number[]>,
  kafka: KafkaClient,
  db: DataSource,
): Promise<Placement> {
  const clusterId = await kafka.clusterId();
  const facts = group.topics.filter((topic) => !group.stateTopics.has(topic));
  const ends = new Map<string, PartitionOffsets[]>();
  for (const topic of [...facts, ...group.stateTopics]) ends.set(topic, await kafka.offsets(topic));
  const known = await readPositions(db, group.name, clusterId);
  const origins = [...ends].flatMap(([topic, offsets]) =>
    originsOf(
      topic,
      offsets.filter(({ partition }) => !known.has(placeKey(topic, partition))),
      group.stateTopics.has(topic),
      group.facts === 'now',
    ),
  );
  await enterPositions(db, group.name, clusterId, origins);
  await noteHeard(db, group, origins);
  const positions = origins.length ? await readPositions(db, group.name, clusterId) : known;
  const partitions = [...assignment].flatMap(([topic, assigned]) =>
    assigned.map((partition) => {
      const offsets = ends.get(topic)?.find((entry) => entry.partition === partition);
      const { next, epoch } = positions.get(placeKey(topic, partition)) ?? { next: offsets?.low ?? 0n, epoch: 0n };
      if (!offsets) throw new Error(`${topic}/${partition} has no offsets`);
      return { topic, partition, epoch, next: next < offsets.low ? offsets.low : next, shortened: next > offsets.high };
    }),
  );
  const bothKinds = facts.length > 0 && group.stateTopics.size > 0;
  return { partitions, bootstrapping: bothKinds && (await isBootstrapping(db, group.name)) };
}
