import { defineAccess } from '@quen/chassis';

/**
 * Who may do what in sales. Everybody who sells reads products, prices and pipelines; records are reached by owner or
 * branch.
 * `customer: read` is as in customers and as `insight: read` in analytics: whoever may read the customer may read its
 * overview.
 */
export const salesAccess = defineAccess({
  administrator: '*',
  director: {
    product: 'all',
    price: 'all',
    pipeline: 'all',
    lead: 'all',
    opportunity: 'all',
    quote: 'all',
    contract: 'all',
    order: 'all',
    customer: 'all',
  },
  'branch-manager': {
    product: { read: 'all', 'read-cost': 'all' },
    price: { read: 'all' },
    pipeline: { read: 'all' },
    lead: 'branch',
    opportunity: 'branch',
    quote: 'branch',
    contract: 'branch',
    customer: 'branch',
    // All but import, as a firm's history is not one branch's, and payments: who sells does not say what came in.
    order: {
      read: 'branch',
      create: 'branch',
      update: 'branch',
      confirm: 'branch',
      deliver: 'branch',
      invoice: 'branch',
      return: 'branch',
    },
  },
  seller: {
    product: { read: 'all' },
    price: { read: 'all' },
    pipeline: { read: 'all' },
    // A lead without an owner waits for whoever in the branch takes it first.
    lead: { read: 'branch', accept: 'branch', decline: 'branch', approach: 'branch', convert: 'own' },
    opportunity: { read: 'own', create: 'own', update: 'own', move: 'own', win: 'own', lose: 'own', reopen: 'own' },
    quote: { read: 'own', create: 'own', update: 'own', issue: 'own', decide: 'own' },
    contract: { read: 'own', create: 'own', update: 'own', sign: 'own' },
    order: { read: 'own', create: 'own', update: 'own', confirm: 'own', deliver: 'own', return: 'own' },
    customer: { read: 'branch' },
  },
  accountant: {
    product: { read: 'all', 'read-cost': 'all' },
    price: { read: 'all' },
    quote: { read: 'all' },
    contract: { read: 'all' },
    order: { read: 'all', invoice: 'all', pay: 'all', import: 'all' },
    customer: { read: 'branch' },
  },
  agent: {
    product: { read: 'all' },
    price: { read: 'all' },
    order: { read: 'branch' },
    contract: { read: 'branch' },
    customer: { read: 'all' },
  },
  marketer: {
    product: { read: 'all' },
    price: { read: 'all' },
    pipeline: { read: 'all' },
    lead: { read: 'all' },
    opportunity: { read: 'all' },
    customer: { read: 'branch' },
  },
  'data-reader': {
    product: { read: 'all', 'read-cost': 'all' },
    price: { read: 'all' },
    pipeline: { read: 'all' },
    lead: { read: 'all' },
    opportunity: { read: 'all' },
    quote: { read: 'all' },
    contract: { read: 'all' },
    order: { read: 'all' },
    customer: { read: 'all' },
  },
});
