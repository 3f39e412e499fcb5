import {
  crc32c,
  createRecordsBatch,
  IS_CONTROL,
  Reader,
  readRecordsBatch,
  type CreateRecordsBatchOptions,
  type MessageRecord,
} from '@platformatic/kafka';
import fc from 'fast-check';
import { BatchWriter, readBatches } from './platformatic-records.js';

const plain = { producerId: -1n, producerEpoch: -1, firstSequence: -1 };
/** Every plane of Unicode; lengths on both sides of where a length takes one byte more. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    'x'.repeat(63),
    'x'.repeat(64),
    'đ'.repeat(63),
    'x'.repeat(8_191),
    'đ'.repeat(5_000),
    '🙂'.repeat(70_000),
  ),
);
const headers = fc
  .uniqueArray(
    fc.tuple(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((name) => name !== '__proto__'),
      text,
    ),
    { maxLength: 15, selector: ([name]) => name },
  )
  .map((pairs): Record<string, string> => Object.fromEntries(pairs));
const record = fc.record({ key: text, value: fc.option(text), headers });

/** A batch as the library writes it. */
function libraryBatch(
  records: readonly Partial<MessageRecord>[],
  options: Partial<CreateRecordsBatchOptions> = {},
): Buffer {
  return createRecordsBatch(
    records.map((one) => ({ topic: 'any', value: Buffer.alloc(0), ...one })),
    options,
  ).buffer;
}

describe('A record batch', () => {
  const writer = new BatchWriter();

  it('says to the library what it was told, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 8 }), (records) => {
        const bytes = writer.write(records, { producerId: 7n, producerEpoch: 3, firstSequence: 40 });
        const batch = readRecordsBatch(Reader.from(bytes));
        expect(batch).toMatchObject({
          firstOffset: 0n,
          length: bytes.length - 12,
          magic: 2,
          attributes: 0,
          lastOffsetDelta: records.length - 1,
          producerId: 7n,
          producerEpoch: 3,
          firstSequence: 40,
        });
        expect(batch.crc).toBe(crc32c(bytes.subarray(21)));
        expect(
          batch.records.map(({ key, value, headers: found, offsetDelta }) => ({
            offsetDelta,
            key: String(key),
            value: value && String(value),
            headers: found.map(([name, header]) => [String(name), String(header)]),
          })),
        ).toEqual(
          records.map(({ key, value, headers: given }, offsetDelta) => ({
            offsetDelta,
            key,
            value,
            headers: Object.entries(given),
          })),
        );
      }),
      { numRuns: 60 },
    );
  });

  it('is read as the library wrote it, also compressed', () => {
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 8 }),
        fc.constantFrom('none' as const, 'gzip' as const, 'zstd' as const),
        (records, compression) => {
          const bytes = libraryBatch(
            records.map(({ key, value, headers: given }) => ({
              key: Buffer.from(key),
              value: (value === null ? null : Buffer.from(value)) as Buffer,
              headers: new Map(Object.entries(given).map(([name, header]) => [Buffer.from(name), Buffer.from(header)])),
            })),
            { compression },
          );
          bytes.writeBigInt64BE(1_000n, 0);
          const [batch, ...others] = readBatches(bytes);
          expect(others).toEqual([]);
          expect(batch).toMatchObject({ firstOffset: 1_000n, lastOffsetDelta: records.length - 1, records: [] });
          expect(batch!.texts.map(({ value, ...one }) => ({ ...one, value: value && String(value) }))).toEqual(
            records.map(({ key, value, headers: given }, n) => ({
              offset: 1_000n + BigInt(n),
              key,
              value,
              headers: given,
            })),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is read only when all of it has arrived', () => {
    const one = writer.write([{ key: 'a', value: '1', headers: { n: '1' } }], plain);
    const two = writer.write(
      [
        { key: 'b', value: '2', headers: {} },
        { key: 'c', value: null, headers: { n: '3' } },
      ],
      plain,
    );
    const both = Buffer.concat([one, two]);
    for (let length = 0; length <= both.length; length += 1) {
      expect(readBatches(both.subarray(0, length)).map(({ texts }) => texts.length)).toEqual(
        length < one.length ? [] : length < both.length ? [1] : [1, 2],
      );
    }
  });

  it('may have fewer records than offsets, keys and headers without a value, and a name twice, of which the first counts', () => {
    const bytes = libraryBatch([
      {
        headers: new Map([
          [Buffer.from('n'), Buffer.from('first')],
          [Buffer.from('n'), Buffer.from('second')],
          [Buffer.from('none'), null as unknown as Buffer],
          [Buffer.from('last'), Buffer.from('x')],
        ]),
      },
    ]);
    bytes.writeInt32BE(99, 23);
    expect(readBatches(bytes)).toMatchObject([
      { lastOffsetDelta: 99, texts: [{ key: '', headers: { n: 'first', last: 'x' }, value: Buffer.alloc(0) }] },
    ]);
  });

  it("of a transaction's marker is nothing to work on", () => {
    const bytes = libraryBatch([{ key: Buffer.from([0, 0, 0, 0]) }]);
    bytes.writeInt16BE(IS_CONTROL, 21);
    expect(readBatches(bytes)).toMatchObject([
      { attributes: IS_CONTROL, texts: [], records: [{ key: Buffer.from([0, 0, 0, 0]) }] },
    ]);
  });

  it('numbers records on from nought after 2^31 of them', () => {
    const bytes = writer.write([{ key: 'a', value: '1', headers: {} }], {
      producerId: 1n,
      producerEpoch: 0,
      firstSequence: 2 ** 31 + 5,
    });
    expect(readRecordsBatch(Reader.from(bytes)).firstSequence).toBe(5);
  });

  it('that is damaged stands as one record with its bytes, and the next is read', () => {
    const next = writer.write([{ key: 'b', value: '2', headers: {} }], plain);
    const spoil = (spoilt: (bytes: Buffer) => unknown): void => {
      const bytes = writer.write([{ key: 'a', value: '1', headers: {} }], plain);
      bytes.writeBigInt64BE(7n, 0);
      spoilt(bytes);
      const [batch, good] = readBatches(Buffer.concat([bytes, next]));
      expect(batch).toMatchObject({
        records: [],
        texts: [
          {
            offset: 7n,
            key: '',
            headers: {},
            value: bytes,
            unreadable: expect.stringContaining('from offset 7 cannot be read'),
          },
        ],
      });
      expect(good).toMatchObject({ texts: [{ key: 'b' }] });
    };
    spoil((bytes) => bytes.writeInt32BE(0x7fff_ffff, 57));
    spoil((bytes) => bytes.writeInt16BE(1, 21));
    // more headers, a longer value and a shorter key than there are
    spoil((bytes) => bytes.writeUInt8(0x7e, bytes.length - 1));
    spoil((bytes) => bytes.writeUInt8(0x7e, bytes.length - 3));
    spoil((bytes) => bytes.writeUInt8(0x00, bytes.length - 5));
    for (const byte of [0x00, 0x01, 0x7f, 0x80, 0xff]) spoil((bytes) => bytes.fill(byte, 61));
  });
});
