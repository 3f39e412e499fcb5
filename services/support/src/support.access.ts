import { defineAccess } from '@quen/chassis';

/** Agents work the cases of their branch and those below it; sellers see what troubles the customers of theirs. */
export const supportAccess = defineAccess({
  administrator: '*',
  director: { case: 'all', queue: 'all', calendar: 'all', 'sla-policy': 'all' },
  'branch-manager': { case: 'branch', queue: 'branch', calendar: { read: 'all' }, 'sla-policy': { read: 'all' } },
  agent: { case: 'branch', queue: 'branch', calendar: { read: 'all' }, 'sla-policy': { read: 'all' } },
  seller: { case: { read: 'branch', create: 'branch' } },
  marketer: { case: { read: 'all' } },
  'data-reader': { case: { read: 'all' }, calendar: { read: 'all' }, 'sla-policy': { read: 'all' } },
});
