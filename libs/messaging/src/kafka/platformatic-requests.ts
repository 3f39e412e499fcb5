import {
  Consumer,
  createAPI,
  fetchV13,
  kGetApi,
  Producer,
  produceV9,
  readKnownTaggedFields,
  ResponseError,
  Writer,
  type API,
  type Callback,
  type NumericMap,
  type Reader,
} from '@platformatic/kafka';
import { BatchWriter, readBatches, withoutAborted, type ReadBatch } from './platformatic-records.js';
import type { OutgoingRecord } from './port.js';

/**
 * A record as the library gives it to a request, with its partition chosen. The library takes the whole record for the
 * value, and does not look into it.
 */
interface Placed {
  readonly topic: string;
  readonly partition: number;
  readonly value: OutgoingRecord;
}

/** As the library gives it to a request. */
interface ProduceOptions {
  readonly producerId?: bigint;
  readonly producerEpoch?: number;
  readonly sequences?: NumericMap;
}

/**
 * The library's producer, whose records are written by {@link BatchWriter}. Partitions, leaders, sequences and
 * repetition are the library's.
 */
export class RecordProducer extends Producer<string, OutgoingRecord> {
  private readonly writer = new BatchWriter();
  private readonly produce = createAPI(
    produceV9.api.key,
    produceV9.api.version,
    (acks: number, timeout: number, records: readonly Placed[], options: ProduceOptions) =>
      this.request(acks, timeout, records, options),
    produceV9.parseResponse,
  );

  override [kGetApi]<Arguments extends unknown[], Response>(
    name: string,
    callback: Callback<API<Arguments, Response>>,
  ): void {
    if (name === 'Produce') callback(null, this.produce as unknown as API<Arguments, Response>);
    else super[kGetApi](name, callback);
  }

  /** A request of version 9, which brokers know since Kafka 2.4. */
  private request(
    acks: number,
    timeout: number,
    records: readonly Placed[],
    { producerId = -1n, producerEpoch = -1, sequences }: ProduceOptions,
  ): Writer {
    const byTopic = new Map<string, Map<number, OutgoingRecord[]>>();
    for (const { topic, partition, value } of records) {
      let partitions = byTopic.get(topic);
      if (!partitions) byTopic.set(topic, (partitions = new Map()));
      const known = partitions.get(partition);
      if (known) known.push(value);
      else partitions.set(partition, [value]);
    }
    return Writer.create()
      .appendString(null)
      .appendInt16(acks)
      .appendInt32(timeout)
      .appendArray([...byTopic], (writer, [topic, partitions]) => {
        writer.appendString(topic).appendArray([...partitions], (ofTopic, [partition, ofPartition]) => {
          const firstSequence = sequences ? sequences.getWithDefault(`${topic}:${partition}`, 0) : -1;
          ofTopic
            .appendInt32(partition)
            .appendBytes(this.writer.write(ofPartition, { producerId, producerEpoch, firstSequence }));
        });
      })
      .appendTaggedFields();
  }
}

/** What a broker answered of one partition. */
export interface FetchedPartition {
  readonly partitionIndex: number;
  readonly errorCode: number;
  readonly highWatermark: bigint;
  readonly abortedTransactions: readonly { producerId: bigint; firstOffset: bigint }[] | null;
  readonly preferredReadReplica: number;
  /** Assigned by the library where transactions were aborted. */
  records: readonly ReadBatch[] | null;
}

export interface FetchResponse {
  readonly throttleTimeMs: number;
  readonly errorCode: number;
  readonly sessionId: number;
  readonly responses: readonly { readonly topicId: string; readonly partitions: readonly FetchedPartition[] }[];
}

/**
 * The library's consumer, whose records are read by {@link readBatches}. Sessions, leaders and repetition are the
 * library's.
 */
export class RecordConsumer extends Consumer {
  override [kGetApi]<Arguments extends unknown[], Response>(
    name: string,
    callback: Callback<API<Arguments, Response>>,
  ): void {
    if (name === 'Fetch') callback(null, fetchApi as unknown as API<Arguments, Response>);
    else super[kGetApi](name, callback);
  }

  /** @throws Error with `response` when a broker answered with an error, perhaps of some partitions only */
  async fetchRecords(request: Parameters<Consumer['fetch']>[0]): Promise<FetchResponse> {
    return (await this.fetch(request)) as unknown as FetchResponse;
  }
}

/** Version 13, which brokers know since Kafka 3.1. */
const fetchApi = createAPI(
  fetchV13.api.key,
  fetchV13.api.version,
  fetchV13.createRequest,
  (_correlation, key, version, reader): FetchResponse => {
    const errors: [string, [number, null]][] = [];
    const throttleTimeMs = reader.readInt32();
    const errorCode = reader.readInt16();
    if (errorCode !== 0) errors.push(['/', [errorCode, null]]);
    const sessionId = reader.readInt32();
    const responses = reader.readArray((ofTopics, topic) => ({
      topicId: ofTopics.readUUID(),
      partitions: ofTopics.readArray(
        (ofPartitions, partition) => {
          const fetched = readPartition(ofPartitions);
          if (fetched.errorCode !== 0)
            errors.push([`/responses/${topic}/partitions/${partition}`, [fetched.errorCode, null]]);
          return fetched;
        },
        true,
        false,
      ),
    }));
    reader.readTaggedFields();
    const response = { throttleTimeMs, errorCode, sessionId, responses };
    if (errors.length) throw new ResponseError(key, version, Object.fromEntries(errors), response);
    return response;
  },
);

function readPartition(reader: Reader): FetchedPartition {
  const partitionIndex = reader.readInt32();
  const errorCode = reader.readInt16();
  const highWatermark = reader.readInt64();
  reader.skip(16); // last stable and first offset
  const abortedTransactions = reader.readNullableArray((each) => ({
    producerId: each.readInt64(),
    firstOffset: each.readInt64(),
  }));
  const preferredReadReplica = reader.readInt32();
  const size = reader.readUnsignedVarInt() - 1;
  const records =
    size < 0
      ? null
      : withoutAborted(
          readBatches(reader.buffer.slice(reader.position, reader.position + size)),
          abortedTransactions ?? [],
        );
  reader.skip(Math.max(size, 0));
  readKnownTaggedFields(reader, {});
  return { partitionIndex, errorCode, highWatermark, abortedTransactions, preferredReadReplica, records };
}
