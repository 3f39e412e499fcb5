import { defineAccess } from '@quen/chassis';

/** Who may see and steer what is calculated. Sellers and agents see the customers they own; branch managers those of their branches. */
export const analyticsAccess = defineAccess({
  administrator: '*',
  director: { insight: 'all', model: 'all' },
  'data-reader': { insight: { read: 'all' }, model: { read: 'all' } },
  marketer: { insight: { read: 'all' }, model: { read: 'all' } },
  accountant: { insight: { read: 'all' } },
  'branch-manager': { insight: { read: 'branch' }, model: { read: 'all' } },
  agent: { insight: { read: 'branch' } },
  seller: { insight: { read: 'own' } },
});
