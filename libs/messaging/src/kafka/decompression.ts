import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { compressionsAlgorithms } from '@platformatic/kafka';

/**
 * The most that a batch may hold. Brokers take a batch of a megabyte, which may be a gigabyte when it is decompressed,
 * and end a process.
 */
export const decompressedAtMost = 16 * 1_048_576;

/** Kafka's numbers of compressions. */
export const compressionTypes = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

/**
 * The records of a batch that a producer, or the topic's setting, had compressed.
 * @throws Error for what does not decompress, or would be larger than {@link decompressedAtMost}
 */
export function decompress(type: number, bytes: Buffer): Buffer {
  switch (type) {
    case compressionTypes.none:
      return bytes;
    case compressionTypes.gzip:
      return gunzipSync(bytes, { maxOutputLength: decompressedAtMost });
    case compressionTypes.zstd:
      return zstdDecompressSync(bytes, { maxOutputLength: decompressedAtMost });
    // can be at most some twenty times as large as it is compressed
    case compressionTypes.snappy:
      return compressionsAlgorithms.snappy.decompressSync(bytes);
    case compressionTypes.lz4:
      if (lz4Bound(bytes) > decompressedAtMost)
        throw new RangeError(`Cannot create a Buffer larger than ${decompressedAtMost} bytes`);
      return compressionsAlgorithms.lz4.decompressSync(bytes);
    default:
      throw new Error(`There is no compression ${type}`);
  }
}

/**
 * What a frame can hold at most, by its blocks (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md): each has
 * at most the frame's block size, and 255 times its own.
 */
function lz4Bound(bytes: Buffer): number {
  const flags = bytes.readUInt8(4);
  const blockSize = 4 ** ((bytes.readUInt8(5) >> 4) & 7) * 256;
  let bound = 0;
  for (let at = 7 + (flags & 8 ? 8 : 0) + (flags & 1 ? 4 : 0); at + 4 <= bytes.length;) {
    const size = bytes.readUInt32LE(at) & 0x7fff_ffff;
    if (size === 0) break;
    bound += Math.min(blockSize, size * 255);
    at += 4 + size + (flags & 16 ? 4 : 0);
  }
  return bound;
}
