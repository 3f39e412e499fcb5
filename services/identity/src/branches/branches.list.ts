import { bool, defineList, instant, text, uuid } from '@quen/chassis';
import { Branch } from './branch.entity.js';

/** What lists of branches can be filtered and sorted by. */
export const branches = defineList({
  entity: Branch,
  fields: {
    code: text(),
    name: text(),
    parentId: uuid(),
    path: text(),
    province: text(),
    active: bool(),
    createdAt: instant(),
  },
  sort: ['code', 'name', 'path', 'createdAt'],
  defaultSort: 'code',
  search: ['code', 'name', 'province'],
});
