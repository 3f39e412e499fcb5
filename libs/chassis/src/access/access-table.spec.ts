import { defineAccess } from './access-table.js';

const table = defineAccess({
  seller: { opportunity: { read: 'own', win: 'own' }, product: { read: 'all' } },
  'branch-manager': { opportunity: { '*': 'branch' } },
  'data-reader': { opportunity: 'all' },
  administrator: '*',
});

describe('AccessTable', () => {
  it.each([
    [['seller'], 'opportunity', 'win', 'own'],
    [['seller', 'branch-manager'], 'opportunity', 'win', 'branch'],
    [['branch-manager', 'seller'], 'opportunity', 'delete', 'branch'],
    [['data-reader'], 'opportunity', 'read', 'all'],
    [['administrator'], 'anything', 'at all', 'all'],
    [['seller'], 'opportunity', 'delete', undefined],
    [['seller'], 'opportunity', 'constructor', undefined],
    [['constructor', '__proto__'], 'opportunity', 'read', undefined],
    [[], 'opportunity', 'read', undefined],
  ])('%j on %s %s reach %s', (roles, resource, action, scope) =>
    expect(table.scopeOf(roles, resource, action)).toBe(scope),
  );

  it('names the roles of a permission', () => {
    expect(table.rolesFor('product', 'read')).toEqual([
      { role: 'seller', scope: 'all' },
      { role: 'administrator', scope: 'all' },
    ]);
  });
});
