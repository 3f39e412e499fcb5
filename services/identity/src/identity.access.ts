import { defineAccess, type Grants } from '@quen/chassis';

// The firm's structure is no secret among staff; personal records are.
const structure = { branch: { read: 'all' }, department: { read: 'all' }, role: { read: 'all' } } as const;

const member: Grants = { ...structure, staff: { read: 'own', 'change-password': 'own' } };

/** Who may do what in identity. */
export const identityAccess = defineAccess({
  administrator: '*',
  director: { ...structure, staff: { read: 'all', 'change-password': 'own', absence: 'all' } },
  'branch-manager': { ...structure, staff: { read: 'branch', 'change-password': 'own', absence: 'branch' } },
  marketer: member,
  seller: member,
  agent: member,
  accountant: member,
  'data-reader': { ...structure, staff: { read: 'all', 'change-password': 'own' } },
});
