import { defineAccess } from '@quen/chassis';

const everything = {
  segment: 'branch',
  campaign: 'branch',
  message: 'branch',
  suppression: 'branch',
  lead: 'branch',
  channel: 'branch',
} as const;

/** Who may do what in marketing. */
export const marketingAccess = defineAccess({
  administrator: '*',
  director: { segment: 'all', campaign: 'all', message: 'all', suppression: 'all', lead: 'all', channel: 'all' },
  'branch-manager': { ...everything, channel: { read: 'all' } },
  marketer: { ...everything, channel: { read: 'all' } },
  seller: {
    lead: { read: 'own', create: 'branch' },
    campaign: { read: 'branch', respond: 'branch' },
    channel: { read: 'all' },
  },
  agent: {
    lead: { create: 'branch' },
    campaign: { read: 'branch', respond: 'branch' },
    suppression: { read: 'branch', create: 'branch' },
  },
  accountant: { campaign: { read: 'branch', spend: 'branch' } },
  'data-reader': {
    segment: { read: 'all' },
    campaign: { read: 'all' },
    message: { read: 'all' },
    suppression: { read: 'all' },
    lead: { read: 'all' },
    channel: { read: 'all' },
  },
});
