import { defineAccess } from '@quen/chassis';

/**
 * Who may do what here. Whoever deals with customers may look them up in the branch, since a customer is one for all units;
 * to change one takes ownership or the branch's lead. Citizen ids are shown to few.
 */
export const customersAccess = defineAccess({
  administrator: '*',
  director: { customer: { read: 'all', create: 'all', update: 'all', transfer: 'all', 'read-citizen-id': 'all' }, consent: 'all', import: 'all', timeline: 'all' },
  'branch-manager': { customer: { read: 'branch', create: 'branch', update: 'branch', transfer: 'branch', 'read-citizen-id': 'branch' }, consent: 'branch', import: 'branch', timeline: 'branch' },
  marketer: { customer: { read: 'branch', create: 'branch', update: 'branch' }, consent: 'branch', import: 'branch', timeline: 'branch' },
  seller: { customer: { read: 'branch', create: 'branch', update: 'own' }, consent: { read: 'branch', record: 'own' }, timeline: 'branch' },
  agent: { customer: { read: 'all', create: 'branch', update: 'branch' }, consent: { read: 'all', record: 'all' }, timeline: 'all' },
  accountant: { customer: { read: 'branch' }, timeline: 'branch' },
  'data-reader': { customer: { read: 'all' }, consent: { read: 'all' }, timeline: 'all' },
});
