import { entityStates, type StateSource } from '@quen/chassis';
import { StaffState } from '@quen/events';
import { Staff } from './staff.entity.js';

/** Members of staff by id, with their department's code still to be filled in. */
const rows = entityStates(StaffState, Staff, { build: (staff) => staff });

/** The people who work for the firm, as they are published. */
export const staffStates: StateSource = {
  ...rows,
  read: async (tx, page, get) => {
    const staff = (await rows.read(tx, page, get)) as Staff[];
    const departments = await tx.query<{ id: string; code: string }[]>(
      'select id, code from department where id = any($1)',
      [staff.map(({ departmentId }) => departmentId)],
    );
    const codes = new Map(departments.map(({ id, code }) => [id, code]));
    return staff.map((each) => each.state(each.departmentId === null ? undefined : codes.get(each.departmentId)));
  },
};
