import { defineAccess } from '@quen/chassis';

/**
 * Who may see and steer what is calculated. Whoever may read a customer may read its insight: the scopes are those of
 * `customer: read` in customers and
 * in sales. A transaction is an order's line, read as far as `order: read` of sales goes.
 */
export const analyticsAccess = defineAccess({
  administrator: '*',
  director: { insight: 'all', transaction: 'all', model: 'all' },
  'data-reader': { insight: { read: 'all' }, transaction: { read: 'all' }, model: { read: 'all' } },
  'branch-manager': { insight: { read: 'branch' }, transaction: { read: 'branch' }, model: { read: 'all' } },
  marketer: { insight: { read: 'branch' }, model: { read: 'all' } },
  accountant: { insight: { read: 'branch' }, transaction: { read: 'all' } },
  agent: { insight: { read: 'all' }, transaction: { read: 'branch' } },
  seller: { insight: { read: 'branch' }, transaction: { read: 'own' } },
});
