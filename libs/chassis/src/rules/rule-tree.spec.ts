import { choice, date, decimal, instant, text, texts } from './fields.js';
import { ruleTree } from './rule-tree.js';

const fields = ruleTree({
  name: text(),
  rank: choice(['gold', 'iron']),
  spent: decimal({ sql: 'spent_amount' }),
  boughtAt: instant(),
  bornOn: date(),
  tags: texts(),
  title: text({ folded: 'title_folded' }),
});
const group = (...rules: object[]): object => ({ combinator: 'and', rules });

const words = (count: number, field: string): object =>
  group(...Array.from({ length: count }, (_, n) => ({ field, operator: 'contains', value: `x${n}` })));

describe('a rule tree', () => {
  it('becomes SQL of constants and placeholders only', () => {
    const tree = fields.parse({
      combinator: 'or',
      rules: [
        { field: 'spent', operator: '>=', value: 100 },
        { combinator: 'and', not: true, rules: [{ field: 'name', operator: 'contains', value: '50%' }] },
      ],
    });
    expect(tree.predicate()).toEqual({
      sql: '(coalesce(spent_amount >= cast($1 as numeric), false) or not (coalesce(quen_fold(name) like cast($2 as text), false)))',
      params: ['100', '%50\\%%'],
    });
    expect([...tree.fieldsUsed]).toEqual(['spent', 'name']);
  });

  it.each([
    [{ field: 'name', operator: '!=', value: 'An' }, { name: null }, true],
    [{ field: 'name', operator: '=', value: 'An' }, { name: null }, false],
    [{ field: 'name', operator: 'beginsWith', value: 'đo' }, { name: 'Đỗ Ánh' }, true],
    [{ field: 'rank', operator: 'in', value: ['gold'] }, { rank: 'gold' }, true],
    [{ field: 'spent', operator: 'between', value: ['1', 10] }, { spent: '9.99' }, true],
    [{ field: 'spent', operator: '=', value: '10.0' }, { spent: '10' }, true],
    [{ field: 'tags', operator: 'contains', value: 'vip' }, { tags: ['vip', 'x'] }, true],
    [{ field: 'tags', operator: 'doesNotContain', value: 'vip' }, {}, true],
    [{ field: 'boughtAt', operator: 'withinLastDays', value: 30 }, { boughtAt: new Date('2026-06-02') }, true],
    [{ field: 'boughtAt', operator: 'notWithinLastDays', value: 30 }, { boughtAt: '2026-05-01T00:00:00Z' }, true],
    [{ field: 'bornOn', operator: 'withinNextDays', value: 2 }, { bornOn: '2026-07-01' }, true],
    [{ field: 'bornOn', operator: 'withinNextDays', value: 2 }, { bornOn: '2026-07-03' }, false],
  ])('%j on %j is %s', (rule, row, expected) =>
    expect(fields.parse(group(rule)).matches(row, new Date('2026-07-01T10:00:00Z'), 'Asia/Ho_Chi_Minh')).toBe(expected),
  );

  it.each([
    [{ field: 'bornOn', operator: 'withinLastDays', value: 7 }, { bornOn: '2026-11-30' }, true],
    [{ field: 'bornOn', operator: 'withinLastDays', value: 7 }, { bornOn: '2026-11-23' }, false],
    [{ field: 'bornOn', operator: 'notWithinLastDays', value: 30 }, { bornOn: '2026-11-30' }, false],
    [{ field: 'bornOn', operator: 'withinNextDays', value: 1 }, { bornOn: '2026-11-29' }, false],
    [{ field: 'boughtAt', operator: '=', value: '2026-11-30' }, { boughtAt: '2026-11-29T17:00:00Z' }, true],
    [{ field: 'boughtAt', operator: '<=', value: '2026-11-30' }, { boughtAt: '2026-11-30T16:59:59.999Z' }, true],
    [{ field: 'boughtAt', operator: '>', value: '2026-11-30' }, { boughtAt: '2026-11-30T17:00:00Z' }, true],
  ])("in the first hours of the firm's day, %j on %j is %s", (rule, row, expected) =>
    expect(fields.parse(group(rule)).matches(row, new Date('2026-11-29T19:30:00Z'), 'Asia/Ho_Chi_Minh')).toBe(expected),
  );

  it('looks for words in the folded column where there is one, and takes a stored tree whatever it costs', () => {
    expect(fields.parse(words(1, 'title')).predicate().sql).toBe(
      '(coalesce(title_folded like cast($1 as text), false))',
    );
    expect(fields.parse(words(100, 'title')).fieldsUsed).toEqual(new Set(['title']));
    expect(fields.stored(words(11, 'name')).fieldsUsed).toEqual(new Set(['name']));
  });

  it('without rules holds for everything', () => {
    expect(fields.parse(group()).matches({}, new Date(), 'Asia/Ho_Chi_Minh')).toBe(true);
    expect(fields.parse(group()).predicate().sql).toBe('true');
  });

  it.each([
    [null, '', 'rule_group_expected'],
    [{ combinator: 'xor', rules: [] }, '/combinator', 'unknown_combinator'],
    [group({ field: 'constructor', operator: '=', value: 1 }), '/rules/0/field', 'unknown_field'],
    [group({ field: 'rank', operator: '<', value: 'gold' }), '/rules/0/operator', 'unknown_operator'],
    [group({ field: 'rank', operator: '=', value: 'lead' }), '/rules/0/value', 'wrong_value'],
    [group({ field: 'bornOn', operator: '=', value: '2026-02-30' }), '/rules/0/value', 'wrong_value'],
    [group({ field: 'bornOn', operator: 'withinLastDays', value: -5 }), '/rules/0/value', 'wrong_value'],
    [group({ field: 'bornOn', operator: 'withinLastDays', value: 4_000_000_000 }), '/rules/0/value', 'wrong_value'],
    [group(group({ field: 'spent', operator: 'between', value: [1] })), '/rules/0/rules/0/value', 'wrong_value'],
    [words(11, 'name'), '', 'rules_too_costly'],
    [words(101, 'title'), '', 'too_many_rules'],
    [
      group(
        ...Array.from({ length: 6 }, () => ({
          field: 'tags',
          operator: 'in',
          value: Array.from({ length: 200 }, (_, n) => `t${n}`),
        })),
      ),
      '',
      'rules_too_costly',
    ],
    [JSON.parse('{"combinator":"and","rules":['.repeat(20) + ']}'.repeat(20)), '/rules/0'.repeat(8), 'rules_too_deep'],
  ])('%j is refused at %s', (input, pointer, code) => {
    expect(() => fields.parse(input)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer, code })] }),
    );
  });
});
