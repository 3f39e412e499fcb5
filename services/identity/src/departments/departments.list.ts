import { bool, defineList, instant, text } from '@quen/chassis';
import { Department } from './department.entity.js';

/** What lists of departments can be filtered and sorted by. */
export const departments = defineList({
  entity: Department,
  fields: { code: text(), name: text(), active: bool(), createdAt: instant() },
  sort: ['code', 'name', 'createdAt'],
  defaultSort: 'code',
  search: ['code', 'name'],
});
