import { bool, choice, defineList, instant, text, texts, uuid } from '@quen/chassis';
import { Client, clientKinds } from './client.entity.js';

/** What lists of clients can be filtered and sorted by. */
export const clients = defineList({
  entity: Client,
  fields: {
    name: text(),
    clientId: text(),
    kind: choice(clientKinds),
    roles: texts(),
    branchId: uuid(),
    active: bool(),
    createdAt: instant(),
  },
  sort: ['name', 'createdAt'],
  defaultSort: 'name',
  search: ['name', 'clientId'],
});
