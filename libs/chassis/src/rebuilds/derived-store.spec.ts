import { parseRebuild } from '../service/rebuild-process.js';
import { storesOf, type DerivedStore } from './derived-store.js';

const insights: DerivedStore = { groups: ['crm.analytics.facts', 'crm.analytics.names'], tables: { insight: {} } };
const branches: DerivedStore = { groups: ['crm.analytics.branches'], tables: { branch: {} } };
const known = [...insights.groups, ...branches.groups, 'crm.analytics.mails'];

it.each([
  [[], [insights, branches]],
  [['crm.analytics.names'], [insights]],
  [['crm.analytics.facts', 'crm.analytics.names'], [insights]],
])('groups %j mean whole stores', (groups, stores) =>
  expect(storesOf([insights, branches], known, groups)).toEqual(stores),
);

it('refuses groups that are unknown or do more than fill tables', () => {
  expect(() => storesOf([insights], known, ['crm.analytics.mails'])).toThrow('consumer_not_rebuildable');
  expect(() => storesOf([insights], known, ['crm.sales.leads'])).toThrow('unknown_consumer');
});

it('reads its command line', () => {
  expect(parseRebuild(['--consumer', 'a.b,c.d', '--take', '--id', '7f'])).toEqual({
    id: '7f',
    consumers: ['a.b', 'c.d'],
    take: true,
  });
  expect(parseRebuild(['--take', '--reason', 'a drill'])).toMatchObject({ take: true, reason: 'a drill' });
  expect(() => parseRebuild(['--take'])).toThrow('needs a reason');
  expect(parseRebuild([])).toMatchObject({ consumers: [], take: false });
  for (const wrong of [['--consumer'], ['--all'], ['--id', 'a b']])
    expect(() => parseRebuild(wrong)).toThrow('not understood');
});
