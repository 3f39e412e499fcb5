import { assignEvenly } from './group-assignment.js';

const plain = (assigned: ReturnType<typeof assignEvenly>): Record<string, Record<string, number[]>> =>
  Object.fromEntries([...assigned].map(([member, topics]) => [member, Object.fromEntries(topics)]));

describe('assignEvenly', () => {
  it('gives each member as many partitions as the others, over all topics', () => {
    const topics = ['facts', 'state'];
    expect(
      plain(
        assignEvenly(
          new Map([
            ['b', topics],
            ['a', topics],
          ]),
          new Map([
            ['state', 3],
            ['facts', 3],
          ]),
        ),
      ),
    ).toEqual({ a: { facts: [0, 2], state: [1] }, b: { facts: [1], state: [0, 2] } });
  });

  it('gives a topic only to those who subscribed to it, as during an upgrade, and leaves out nobody', () => {
    expect(
      plain(
        assignEvenly(
          new Map([
            ['old', ['facts']],
            ['new', ['facts', 'added']],
            ['idle', []],
          ]),
          new Map([
            ['facts', 2],
            ['added', 1],
          ]),
        ),
      ),
    ).toEqual({ new: { added: [0], facts: [1] }, old: { facts: [0] }, idle: {} });
    expect(plain(assignEvenly(new Map([['a', ['gone']]]), new Map([['gone', 0]])))).toEqual({ a: {} });
  });
});
