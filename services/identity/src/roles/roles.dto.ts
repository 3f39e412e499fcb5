import type { StaffRole } from '@quen/events';

/** A role that staff and machines can have. */
export class RoleView {
  role!: StaffRole;
  /** In Vietnamese. */
  nameVi!: string;
  /** In English. */
  nameEn!: string;
}

/** All roles. */
export class RolesView {
  data!: RoleView[];
}
