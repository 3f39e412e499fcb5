import { setTimeout as delay } from 'node:timers/promises';
import {
  ConnectionPool,
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  FindCoordinatorKeyTypes,
  findCoordinatorV4,
  findErrorBy,
  heartbeatV4,
  joinGroupV7,
  kGetBootstrapConnection,
  leaveGroupV4,
  offsetCommitV8,
  offsetFetchV8,
  syncGroupV5,
  type Base,
  type BaseOptions,
  type Broker,
  type Connection,
  type GroupAssignment,
} from '@platformatic/kafka';
import { assignEvenly } from './group-assignment.js';
import { hearErrors } from './platformatic-connection.js';
import type { GroupReaderOptions } from './port.js';

/** How long a group waits for its members to come back before it goes on without them. */
const rebalanceTimeoutMs = 30_000;

/**
 * kafkajs's name for it, so that members on either client share a group, also while a fleet is moved from one to the
 * other.
 */
const protocolName = 'RoundRobinAssigner';

/** An offset below which a partition is done. */
export interface CommittedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
}

/**
 * Membership in a consumer group by Kafka's classic protocol, on the library's requests. The library's own consumer
 * does not do. It joins again while handlers still work. After that it repeats a commit for partitions that others have
 * by then.
 */
export class GroupMember {
  /** Kept over connections. A member that comes back is known by it and need not wait for its former self to expire. */
  private memberId = '';
  private generation = -1;
  private coordinator: Broker | undefined;
  /** A request to join is answered when the others are there too; it must hold up nothing else. */
  readonly joining: ConnectionPool;

  constructor(
    private readonly client: Base,
    connection: BaseOptions,
    private readonly group: string,
    private readonly topics: readonly string[],
    private readonly options: GroupReaderOptions,
    former?: GroupMember,
  ) {
    this.joining = hearErrors(
      new ConnectionPool(connection.clientId, { ...connection, requestTimeout: rebalanceTimeoutMs + 5_000 }),
    );
    if (former) this.memberId = former.memberId;
  }

  /** Joins, or joins again, and resolves with the partitions by topic. */
  async join(signal: AbortSignal): Promise<GroupAssignment[]> {
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        return await this.joinOnce();
      } catch (error) {
        if (attempt === 10 || !this.mayJoinAgain(error)) throw error;
        await delay(attempt > 2 ? 100 : 0);
      }
    }
  }

  private async joinOnce(): Promise<GroupAssignment[]> {
    const protocols = [
      {
        name: protocolName,
        metadata: encodeConsumerProtocolSubscription({
          version: 0,
          topics: [...this.topics],
          userData: Buffer.alloc(0),
        }),
      },
    ];
    const joined = await joinGroupV7.api.async(
      await this.coordinatorOn(this.joining),
      this.group,
      this.options.sessionTimeoutMs,
      rebalanceTimeoutMs,
      this.memberId,
      null,
      'consumer',
      protocols,
    );
    this.memberId = joined.memberId;
    this.generation = joined.generationId;
    const assignments = joined.leader === joined.memberId ? await this.assign(joined.members) : [];
    const { assignment } = await syncGroupV5.api.async(
      await this.coordinatorOn(this.joining),
      this.group,
      this.generation,
      this.memberId,
      null,
      'consumer',
      joined.protocolName,
      assignments,
    );
    return decodeConsumerProtocolAssignment(assignment).assignedPartitions;
  }

  private mayJoinAgain(error: unknown): boolean {
    const refused = findErrorBy(error as Error, 'needsRejoin', true) as
      (Error & { apiId: string; memberId?: string }) | null;
    if (!refused) {
      this.coordinator = undefined;
      return findErrorBy(error as Error, 'canRetry', false) === null;
    }
    if (refused.apiId === 'MEMBER_ID_REQUIRED') this.memberId = refused.memberId ?? '';
    else if (refused.apiId !== 'REBALANCE_IN_PROGRESS') this.memberId = '';
    return true;
  }

  private async assign(
    members: readonly { memberId: string; metadata: Buffer }[],
  ): Promise<{ memberId: string; assignment: Buffer }[]> {
    const subscriptions = new Map(
      members.map(({ memberId, metadata }) => [memberId, decodeConsumerProtocolSubscription(metadata).topics]),
    );
    const topics = [...new Set([...subscriptions.values()].flat())];
    const metadata = await this.client.metadata({ topics });
    const counts = new Map(topics.map((topic) => [topic, metadata.topics.get(topic)?.partitionsCount ?? 0]));
    return [...assignEvenly(subscriptions, counts)].map(([memberId, assigned]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: 0,
        assignedPartitions: [...assigned].map(([topic, partitions]) => ({ topic, partitions })),
        userData: null,
      }),
    }));
  }

  /**
   * Tells the coordinator that this member is there.
   * @returns false once the group wants its members to join again
   */
  async heartbeat(): Promise<boolean> {
    try {
      await heartbeatV4.api.async(
        await this.coordinatorOn(this.client.connections),
        this.group,
        this.generation,
        this.memberId,
        null,
      );
      return true;
    } catch (error) {
      if (findErrorBy(error as Error, 'needsRejoin', true)) return false;
      this.coordinator = undefined;
      throw error;
    }
  }

  /** Commits under the generation that was joined last, so that the coordinator refuses a member which it gave up. */
  async commit(offsets: readonly CommittedOffset[]): Promise<void> {
    const topics = new Map<string, CommittedOffset[]>();
    for (const offset of offsets) topics.set(offset.topic, [...(topics.get(offset.topic) ?? []), offset]);
    await offsetCommitV8.api.async(
      await this.coordinatorOn(this.client.connections),
      this.group,
      this.generation,
      this.memberId,
      null,
      [...topics].map(([name, partitions]) => ({
        name,
        partitions: partitions.map(({ partition, offset }) => ({
          partitionIndex: partition,
          committedOffset: offset,
          committedLeaderEpoch: -1,
          committedMetadata: null,
        })),
      })),
    );
  }

  /** The offsets of these partitions that were committed, by any member. A partition without one is left out. */
  async committed(assignment: readonly GroupAssignment[]): Promise<CommittedOffset[]> {
    const topics = assignment.map(({ topic, partitions }) => ({ name: topic, partitionIndexes: partitions }));
    const {
      groups: [group],
    } = await offsetFetchV8.api.async(
      await this.coordinatorOn(this.client.connections),
      [{ groupId: this.group, memberEpoch: -1, topics }],
      false,
    );
    return (group?.topics ?? []).flatMap(({ name, partitions }) =>
      partitions.flatMap(({ partitionIndex, committedOffset }) =>
        committedOffset < 0n ? [] : [{ topic: name, partition: partitionIndex, offset: committedOffset }],
      ),
    );
  }

  async leave(): Promise<void> {
    if (this.memberId)
      await leaveGroupV4.api.async(await this.coordinatorOn(this.client.connections), this.group, [
        { memberId: this.memberId, groupInstanceId: null },
      ]);
    this.memberId = '';
  }

  private async coordinatorOn(pool: ConnectionPool): Promise<Connection> {
    this.coordinator ??= await this.findCoordinator();
    return pool.get(this.coordinator);
  }

  private async findCoordinator(): Promise<Broker> {
    const connection = await new Promise<Connection>((resolve, reject) => {
      this.client[kGetBootstrapConnection]((error, found) =>
        found ? resolve(found) : reject(error ?? new Error('No broker can be reached')),
      );
    });
    const {
      coordinators: [found],
    } = await findCoordinatorV4.api.async(connection, FindCoordinatorKeyTypes.GROUP, [this.group]);
    if (!found) throw new Error(`No broker coordinates the group ${this.group}`);
    return { host: found.host, port: found.port };
  }
}
