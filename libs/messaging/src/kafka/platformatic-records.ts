import {
  crc32c,
  IS_COMPRESSED,
  IS_CONTROL,
  IS_TRANSACTIONAL,
  Reader,
  readRecordsBatch,
  type KafkaRecord,
  type RecordsBatch,
} from '@platformatic/kafka';
import { decompress } from './decompression.js';
import { contradicting, type OutgoingRecord, type WireRecord } from './port.js';

/**
 * Record batches of Kafka's message format 2 (https://kafka.apache.org/documentation/#recordbatch), from and to text at
 * once. The library makes and joins some sixty buffers for a record with thirteen headers, which was half of what a
 * relay did.
 */

const fromLength = 12,
  fromChecksum = 21,
  head = 61;

/** Of an idempotent producer; the others have −1 for all. */
export interface Producing {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  /** Number of the batch's first record among those that the producer sent to the partition. */
  readonly firstSequence: number;
}

/** Writes batches, each into a buffer of its own. */
export class BatchWriter {
  /** Grows to what the largest batch needs, and is written over by the next. */
  private bytes = Buffer.allocUnsafeSlow(65_536);
  private at = 0;

  /** A batch of records of one partition, in their order. */
  write(
    records: readonly Pick<OutgoingRecord, 'key' | 'value' | 'headers'>[],
    { producerId, producerEpoch, firstSequence }: Producing,
  ): Buffer {
    this.at = 0;
    this.reserve(head);
    this.at = head;
    records.forEach((record, index) => this.record(record, index));
    const now = BigInt(Date.now());
    const batch = Buffer.from(this.bytes.subarray(0, this.at));
    batch.writeBigInt64BE(0n, 0); // first offset
    batch.writeInt32BE(batch.length - fromLength, 8);
    batch.writeInt32BE(-1, 12); // leader's epoch
    batch.writeInt8(2, 16); // format
    batch.writeInt16BE(0, 21); // attributes
    batch.writeInt32BE(records.length - 1, 23);
    batch.writeBigInt64BE(now, 27); // time of the first and of the last record; the topics have the broker's
    batch.writeBigInt64BE(now, 35);
    batch.writeBigInt64BE(producerId, 43);
    batch.writeInt16BE(producerEpoch, 51);
    // begins anew after 2^31, as brokers expect
    batch.writeInt32BE(firstSequence < 0 ? -1 : firstSequence % 0x8000_0000, 53);
    batch.writeInt32BE(records.length, 57);
    batch.writeUInt32BE(crc32c(batch.subarray(fromChecksum)), 17);
    return batch;
  }

  private record({ key, value, headers }: Pick<OutgoingRecord, 'key' | 'value' | 'headers'>, index: number): void {
    // most records have 64 to 8,191 bytes, whose number takes two
    const room = 2;
    this.reserve(16);
    const start = this.at;
    const body = (this.at += room);
    this.varint(0); // attributes, a plain byte
    this.varint(0); // time after the first record's
    this.varint(index);
    this.text(key);
    if (value === null) this.varint(-1);
    else this.text(value);
    const names = Object.keys(headers);
    this.varint(names.length);
    for (const name of names) {
      this.text(name);
      this.text(headers[name]!);
    }
    const length = this.at - body;
    const needed = length < 64 ? 1 : length < 8_192 ? 2 : length < 1_048_576 ? 3 : 4;
    if (needed !== room) {
      this.reserve(needed);
      this.bytes.copyWithin(start + needed, body, this.at);
    }
    this.at = start;
    this.varint(length);
    this.at += length;
  }

  private text(text: string): void {
    this.reserve(text.length * 3 + 16);
    const start = this.at;
    // nearly all are ASCII and have as many bytes as characters
    this.varint(text.length);
    let length = this.bytes.write(text, this.at);
    if (length !== text.length) {
      this.at = start;
      this.varint(length);
      length = this.bytes.write(text, this.at);
    }
    this.at += length;
  }

  private varint(value: number): void {
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    for (; rest > 127; rest >>>= 7) this.bytes[this.at++] = (rest & 127) | 128;
    this.bytes[this.at++] = rest;
  }

  /** Room for so many bytes more, and a few numbers. */
  private reserve(bytes: number): void {
    if (this.at + bytes + 16 <= this.bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.at + bytes + 16));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}

/** A batch as it was read; what the library still looks at is named as it names it. */
export interface ReadBatch extends Pick<
  RecordsBatch,
  'attributes' | 'firstOffset' | 'lastOffsetDelta' | 'length' | 'producerId'
> {
  /** Of a control batch, the transaction's marker. */
  readonly records: readonly KafkaRecord[];
  readonly texts: readonly Text[];
}

type Text = Omit<WireRecord, 'topic' | 'partition'>;

/** The whole batches in what a broker answered, which may end in the middle of one. */
export function readBatches(bytes: Buffer): ReadBatch[] {
  const batches: ReadBatch[] = [];
  for (let at = 0; at + head <= bytes.length;) {
    const end = at + fromLength + bytes.readInt32BE(at + 8);
    if (end > bytes.length || end < at + head) break;
    batches.push(readBatch(bytes, at, end));
    at = end;
  }
  return batches;
}

/**
 * What cannot be read, such as what does not decompress. It stands as one record at the end of its batch, so that it
 * holds up nothing else.
 */
function readBatch(bytes: Buffer, at: number, end: number): ReadBatch {
  const attributes = bytes.readInt16BE(at + 21);
  const firstOffset = bytes.readBigInt64BE(at);
  const lastOffsetDelta = bytes.readInt32BE(at + 23);
  const common = {
    attributes,
    firstOffset,
    lastOffsetDelta,
    length: bytes.readInt32BE(at + 8),
    producerId: bytes.readBigInt64BE(at + 43),
    records: [],
  };
  const count = bytes.readInt32BE(at + 57);
  const body = bytes.subarray(at + head, end);
  try {
    if (attributes & IS_CONTROL)
      return { ...common, records: readRecordsBatch(Reader.from(bytes.subarray(at, end))).records, texts: [] };
    return {
      ...common,
      texts: new BatchReader(decompress(attributes & IS_COMPRESSED, body)).records(count, firstOffset),
    };
  } catch (error) {
    const unreadable = `A batch of ${count} records from offset ${firstOffset} cannot be read: ${(error as Error).message}`;
    return {
      ...common,
      texts: [
        {
          offset: firstOffset + BigInt(lastOffsetDelta),
          key: '',
          headers: {},
          value: bytes.subarray(at, end),
          unreadable,
        },
      ],
    };
  }
}

/**
 * The batches of a partition, those of aborted transactions without their records, as Java's consumer has it
 * (CompletedFetch). The library misses all but the last aborted transaction of a producer, and one whose end has not
 * arrived.
 * @param aborted the transactions that the broker named with them
 */
export function withoutAborted(
  batches: readonly ReadBatch[],
  aborted: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[],
): readonly ReadBatch[] {
  if (!aborted.length) return batches;
  const ahead = [...aborted].sort((one, other) => Number(one.firstOffset - other.firstOffset));
  const aborting = new Set<bigint>();
  return batches.map((batch) => {
    const last = batch.firstOffset + BigInt(batch.lastOffsetDelta);
    while (ahead.length && ahead[0]!.firstOffset <= last) aborting.add(ahead.shift()!.producerId);
    if (batch.attributes & IS_CONTROL) {
      if (isAbort(batch)) aborting.delete(batch.producerId);
      return batch;
    }
    return batch.attributes & IS_TRANSACTIONAL && aborting.has(batch.producerId) ? { ...batch, texts: [] } : batch;
  });
}

/** The key of a marker is its version and what it marks, two bytes each. Zero is the abort. */
function isAbort({ records: [marker] }: ReadBatch): boolean {
  return marker?.key?.readInt16BE(2) === 0;
}

/** Where a text was found last. */
interface Seen {
  at: number;
  length: number;
  text: string;
}

class BatchReader {
  /**
   * The headers of the record before. They mostly have the same names in the same order, and half of the same values.
   */
  private readonly names: Seen[] = [];
  private readonly values: Seen[] = [];

  private at = 0;

  constructor(private readonly bytes: Buffer) {}

  records(count: number, firstOffset: bigint): Text[] {
    return Array.from({ length: count }, () => this.record(firstOffset));
  }

  private record(firstOffset: bigint): Text {
    const length = this.varint();
    const end = this.at + length;
    if (length < 1 || end > this.bytes.length) throw new RangeError('A record reaches beyond its batch');
    this.at += 1; // attributes
    this.skipVarint(); // time
    const offset = firstOffset + BigInt(this.varint());
    const keyLength = this.varint();
    const key = keyLength > 0 ? this.bytes.toString('utf8', this.at, (this.at += keyLength)) : '';
    const valueLength = this.varint();
    const value = valueLength < 0 ? null : this.bytes.subarray(this.at, (this.at += valueLength));
    const headers: Record<string, string> = {};
    let twice: string | undefined;
    const count = this.varint();
    for (let index = 0; index < count; index += 1) {
      const nameLength = this.varint();
      if (nameLength < 0 || this.at > end)
        throw new RangeError('A header has no name, or there are fewer than the record says');
      const name = this.text((this.names[index] ??= { at: 0, length: -1, text: '' }), nameLength);
      const headerLength = this.varint();
      if (headerLength < 0) continue;
      const header = this.text((this.values[index] ??= { at: 0, length: -1, text: '' }), headerLength);
      if (!Object.hasOwn(headers, name)) headers[name] = header;
      else if (headers[name] !== header) twice ??= name;
    }
    if (this.at !== end) throw new RangeError('A record has another length than it says');
    return { offset, key, headers, value, ...contradicting(twice) };
  }

  private text(seen: Seen, length: number): string {
    const { at } = this;
    if (length <= 0) return '';
    this.at += length;
    if (length !== seen.length || !this.same(seen.at, at, length)) {
      seen.text = this.bytes.toString('utf8', at, this.at);
      seen.at = at;
      seen.length = length;
    }
    return seen.text;
  }

  /** From the end, where ids and times differ. */
  private same(one: number, other: number, length: number): boolean {
    const { bytes } = this;
    for (let index = length - 1; index >= 0; index -= 1) if (bytes[one + index] !== bytes[other + index]) return false;
    return true;
  }

  private varint(): number {
    const { bytes } = this;
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[this.at++]!;
      value |= (byte & 127) << shift;
      // also beyond the end, where there is no byte
      if (!(byte > 127)) return (value >>> 1) ^ -(value & 1);
    }
  }

  private skipVarint(): void {
    while (this.bytes[this.at++]! > 127);
  }
}
