import { gzipSync, zstdCompressSync } from 'node:zlib';
import { compressionsAlgorithms } from '@platformatic/kafka';
import { compressionTypes, decompress, decompressedAtMost } from './decompression.js';

const compressed: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: (bytes) => gzipSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
  snappy: (bytes) => compressionsAlgorithms.snappy.compressSync(bytes),
  lz4: (bytes) => compressionsAlgorithms.lz4.compressSync(bytes),
};

describe('Decompression', () => {
  it.each(['gzip', 'snappy', 'lz4', 'zstd'] as const)('gives back what %s has made small', (name) => {
    const bytes = Buffer.from('Đà Nẵng '.repeat(100_000));
    expect(decompress(compressionTypes[name], compressed[name]!(bytes)).equals(bytes)).toBe(true);
  });

  it.each(['gzip', 'lz4', 'zstd'] as const)('refuses what %s would make too large, before it is', (name) => {
    const bomb = compressed[name]!(Buffer.alloc(200_000_000));
    const before = process.memoryUsage().external;
    expect(() => decompress(compressionTypes[name], bomb)).toThrow(/larger than/);
    expect(process.memoryUsage().external - before).toBeLessThan(4 * decompressedAtMost);
  });

  it('refuses what it does not know', () => {
    expect(() => decompress(7, Buffer.alloc(3))).toThrow('There is no compression 7');
  });
});
