import { rebuilt } from './rebuild.js';

const table = {
  table: 'timeline_entry',
  live: { rows: 3, hash: 'a' },
  rebuilt: { rows: 4, hash: 'b' },
  different: 1,
  differences: [{ key: { event_id: 'e1', customer_id: 'c1' }, kind: 'missing' }],
};
const report = {
  consumers: ['crm.sales.staff-replica'],
  equal: false,
  tables: [table],
  parked: [],
  reading: [{ consumer: 'crm.customers.timeline', unread: 0, held: [] }],
  offsets: 9,
  seconds: 1,
  heldMs: 2,
};

describe('the report of a rebuild', () => {
  it('names the columns of the keys, and those in which a row differs', () => {
    const different = {
      ...table,
      differences: [{ key: { id: 'o1' }, kind: 'different', columns: ['amount', 'stage'] }],
    };
    expect(rebuilt({ result: { ...report, tables: [different] } }).text).toMatch(
      /timeline_entry +different +id=o1 +amount, stage$/m,
    );
    expect(rebuilt({ result: report }).text).toMatch(/timeline_entry +missing +event_id=e1 customer_id=c1/);
  });

  it('says so when the live consumer is held or behind, and only then', () => {
    expect(rebuilt({ result: report }).text).not.toContain('unread');
    const { text } = rebuilt({
      result: {
        ...report,
        equal: true,
        reading: [{ consumer: 'crm.customers.timeline', unread: 17, held: ['breaker'] }],
      },
    });
    expect(text).toMatch(
      /has not read everything:\nconsumer +unread +held by\n.*\ncrm\.customers\.timeline +17 +breaker/,
    );
  });
});
