import { defineAccess } from '@quen/chassis';

const citizenIds = <S extends 'all' | 'branch'>(scope: S): Record<'read-citizen-id' | 'write-citizen-id', S> => ({
  'read-citizen-id': scope,
  'write-citizen-id': scope,
});

/**
 * Who may do what here. Whoever deals with customers may look them up in the branch, since a customer is one for all
 * units;
 * to change one takes ownership or the branch's lead. Citizen ids are for few: the scope of their permissions is
 * compared with each record.
 * The timeline is read with the customer; `read-sales` is how far amounts, stages and reasons of sales go, as far as
 * `order` of sales does.
 */
export const customersAccess = defineAccess({
  administrator: '*',
  director: {
    customer: { read: 'all', create: 'all', update: 'all', transfer: 'all', ...citizenIds('all') },
    consent: 'all',
    import: 'all',
    timeline: { read: 'all', 'read-sales': 'all' },
  },
  'branch-manager': {
    customer: { read: 'branch', create: 'branch', update: 'branch', transfer: 'branch', ...citizenIds('branch') },
    consent: 'branch',
    import: 'branch',
    timeline: { read: 'branch', 'read-sales': 'branch' },
  },
  marketer: {
    customer: { read: 'branch', create: 'branch', update: 'branch' },
    consent: 'branch',
    import: 'branch',
    timeline: { read: 'branch' },
  },
  seller: {
    customer: { read: 'branch', create: 'branch', update: 'own' },
    consent: { read: 'branch', record: 'own' },
    timeline: { read: 'branch', 'read-sales': 'own' },
  },
  agent: {
    customer: { read: 'all', create: 'branch', update: 'branch' },
    consent: { read: 'all', record: 'all' },
    timeline: { read: 'all', 'read-sales': 'branch' },
  },
  accountant: { customer: { read: 'branch' }, timeline: { read: 'branch', 'read-sales': 'all' } },
  'data-reader': {
    customer: { read: 'all' },
    consent: { read: 'all' },
    timeline: { read: 'all', 'read-sales': 'all' },
  },
});
