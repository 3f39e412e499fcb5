/** Made with org.apache.kafka.common.utils.Utils.murmur2 of Kafka 4.1: key, hash, partition of 12. */
export const goldenPartitions: readonly (readonly [key: string, hash: number, partition: number])[] = [
  ['', 275646681, 9], ['a', -1563381124, 4], ['ab', 316155434, 2], ['abc', 479470107, 3], ['abcd', -1323649548, 8], ['21', -973932308, 0], ['0', 971027396, 8],
  ['foobar', -790332482, 6], ['a-little-bit-long-string', -985981536, 8], ['a-little-bit-longer-string', -1486304829, 11],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971, 5],
  ['018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f', -1367833686, 2], ['019a2b3c-4d5e-7f60-8a9b-acbdcedfe0f1', -1949065012, 4],
  ['00000000-0000-7000-8000-000000000000', 880388358, 6], ['ffffffff-ffff-7fff-bfff-ffffffffffff', 712182640, 4],
  ['Khách quen', -283339016, 0], ['Nguyễn Thị Đào', 845140603, 7], ['Đà Nẵng', -1899215265, 11], ['🚀', 761778625, 1], ['KH-000123', -1736585069, 3],
];
