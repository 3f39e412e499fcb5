import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Producer } from '@platformatic/kafka';
import kafkajs, { Kafka, Partitioners } from 'kafkajs';
import { eventually } from '@quen/testing';
import { kafkaClients } from '../settings.js';
import { required } from '../testing/lab.js';
import { taking, Wire } from '../testing/wire.js';
import type { WireRecord } from './port.js';

const namespace = `others_${randomBytes(4).toString('hex')}.`;
const brokers = required('KAFKA_BROKERS').split(',');
const valuesOf = (records: readonly WireRecord[]): string[] => records.map(({ value }) => String(value));

/** kafkajs ends the process at a batch that it cannot decompress; what would help is another client. */
const readsBehindUnreadable = { kafkajs: false, platformatic: true };

/** kafkajs cannot ask for the last stable offset, so that to it an open transaction of others is lag. */
const knowsLastStable = { kafkajs: false, platformatic: true };

describe.each(kafkaClients)('What other producers write, read by %s', (client) => {
  const others = new Kafka({ clientId: 'others', brokers, logLevel: 0 });
  let wire: Wire;
  beforeAll(() => {
    wire = new Wire({ client, brokers, namespace });
  });
  afterAll(() => wire.close());

  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('is taken when it is compressed with %s', async (compression) => {
    const topic = await wire.topic(1);
    const producer = new Producer<string, string, string, string>({
      clientId: 'others',
      bootstrapBrokers: brokers,
      serializers: { key: Buffer.from, value: Buffer.from, headerKey: Buffer.from, headerValue: Buffer.from } as never,
    });
    await producer.send({
      compression,
      messages: Array.from({ length: 50 }, (_, n) => ({
        topic: namespace + topic,
        key: `k${n}`,
        value: `Đà Nẵng ${n}`,
        headers: { n: String(n) },
      })),
    });
    await producer.close();
    const seen: WireRecord[] = [];
    await wire.read(topic, taking(seen));
    await eventually(() => expect(seen).toHaveLength(50));
    expect(seen.map(({ offset, key, value, headers }) => [offset, key, String(value), headers])).toEqual(
      Array.from({ length: 50 }, (_, n) => [BigInt(n), `k${n}`, `Đà Nẵng ${n}`, { n: String(n) }]),
    );
  });

  it('is nothing in transactions that were aborted, however many one fetch brings, and waits for those that are open', async () => {
    const topic = await wire.topic(1);
    const producer = others.producer({
      transactionalId: `t-${namespace}${client}`,
      maxInFlightRequests: 1,
      idempotent: true,
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    const plain = others.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await Promise.all([producer.connect(), plain.connect()]);
    const expected: string[] = [];
    for (let round = 0; round < 6; round += 1) {
      for (const end of ['abort', 'commit'] as const) {
        const transaction = await producer.transaction();
        await transaction.send({
          topic: namespace + topic,
          messages: [
            { key: 'k', value: `${end} ${round}` },
            { key: 'k', value: `${end} ${round}, too` },
          ],
        });
        await plain.send({ topic: namespace + topic, messages: [{ key: 'k', value: `plain in ${end} ${round}` }] });
        await transaction[end]();
        expected.push(
          ...(end === 'commit' ? [`commit ${round}`, `commit ${round}, too`] : []),
          `plain in ${end} ${round}`,
        );
      }
    }
    const seen: WireRecord[] = [];
    await wire.read(topic, taking(seen));
    await eventually(() => expect(valuesOf(seen)).toEqual(expected));

    const open = await producer.transaction();
    await open.send({ topic: namespace + topic, messages: [{ key: 'k', value: 'open' }] });
    await plain.send({ topic: namespace + topic, messages: [{ key: 'k', value: 'behind it' }] });
    if (knowsLastStable[client]) {
      const [before] = await wire.kafka.offsets(topic);
      // two records and a marker of each transaction, and one beside each
      expect(before).toEqual({ partition: 0, low: 0n, high: 48n });
    }
    await open.abort();
    await eventually(() => expect(valuesOf(seen)).toEqual([...expected, 'behind it']));
    await Promise.all([producer.disconnect(), plain.disconnect()]);
  });

  it('is marked when a header of the envelope contradicts itself; of others the first counts', async () => {
    const topic = await wire.topic(1);
    const producer = others.producer({ createPartitioner: Partitioners.DefaultPartitioner });
    await producer.connect();
    await producer.send({
      topic: namespace + topic,
      messages: [
        { key: 'k', value: '1', headers: { ce_id: ['a', 'b'] } },
        { key: 'k', value: '2', headers: { ce_id: ['a', 'a'] } },
        { key: 'k', value: '3', headers: { trace: ['a', 'b'] } },
      ],
    });
    await producer.disconnect();
    const seen: WireRecord[] = [];
    await wire.read(topic, taking(seen));
    await eventually(() =>
      expect(seen.map(({ headers, unreadable }) => [headers, unreadable])).toEqual([
        [{ ce_id: 'a' }, expect.stringContaining('ce_id is there twice')],
        [{ ce_id: 'a' }, undefined],
        [{ trace: 'a' }, undefined],
      ]),
    );
  });

  if (readsBehindUnreadable[client])
    it('holds up nothing when a batch cannot be read: it stands as one record, with its bytes', async () => {
      const topic = await wire.topic(1);
      const codecs = kafkajs.CompressionCodecs;
      const ours: unknown = codecs[1];
      codecs[1] = () => ({
        compress: (encoder: { buffer: Buffer }) =>
          Promise.resolve(Buffer.concat([gzipSync(encoder.buffer), Buffer.from('garbage!')])),
      });
      const producer = others.producer({ createPartitioner: Partitioners.DefaultPartitioner });
      await producer.connect();
      const send = (value: string, compression = 0): Promise<unknown> =>
        producer.send({
          topic: namespace + topic,
          compression,
          messages: [
            { key: 'k', value },
            { key: 'k', value: `${value}, too` },
          ],
        });
      await send('before');
      await send('spoilt', 1);
      await send('after');
      await producer.disconnect();
      codecs[1] = ours as (typeof codecs)[1];
      const seen: WireRecord[] = [];
      await wire.read(topic, taking(seen));
      await eventually(() => expect(seen).toHaveLength(5));
      expect(seen.map(({ offset, unreadable }) => [offset, unreadable])).toEqual([
        [0n, undefined],
        [1n, undefined],
        [3n, expect.stringMatching(/^A batch of 2 records from offset 2 cannot be read: /)],
        [4n, undefined],
        [5n, undefined],
      ]);
      expect(seen[2]!.value!.length).toBeGreaterThan(61);
    });
});
