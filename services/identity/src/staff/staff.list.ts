import { bool, date, defineList, instant, text, texts, uuid } from '@quen/chassis';
import { Staff } from './staff.entity.js';

/** What lists of staff can be filtered and sorted by. */
export const staffList = defineList({
  entity: Staff,
  fields: {
    code: text(),
    loginName: text(),
    displayName: text(),
    email: text(),
    roles: texts(),
    branchId: uuid(),
    departmentId: uuid(),
    skills: texts(),
    languages: texts(),
    active: bool(),
    absentFrom: date(),
    absentUntil: date(),
    createdAt: instant(),
  },
  sort: ['displayName', 'code', 'createdAt'],
  defaultSort: 'displayName',
  search: ['displayName', 'code', 'email', 'loginName'],
});
