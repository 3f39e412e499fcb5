import { Column, CreateDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { build, StaffAbsent, StaffJoined, StaffLeft, StaffState, type StaffRole } from '@quen/events';
import { defineProblem } from '@quen/messaging';

export const staffLeft = defineProblem('conflict', 'staff_left', {
  en: '{name} has left; only coming back is possible.',
  vi: '{name} đã nghỉ việc; chỉ có thể nhận lại.',
});
export const staffActive = defineProblem('conflict', 'staff_active', {
  en: '{name} is active already.',
  vi: '{name} đang làm việc.',
});
export const absenceBackwards = defineProblem('unprocessable', 'absence_backwards', {
  en: 'An absence cannot end before it begins.',
  vi: 'Ngày kết thúc vắng mặt không thể trước ngày bắt đầu.',
});
export const substituteSelf = defineProblem('unprocessable', 'substitute_self', {
  en: 'Nobody can stand in for themselves.',
  vi: 'Không ai có thể thay cho chính mình.',
});

/** What a member of staff is told on joining; all of it can change later. */
export interface StaffDetails {
  code?: string | null;
  loginName: string;
  displayName: string;
  familyName?: string | null;
  middleName?: string | null;
  givenName?: string | null;
  email?: string | null;
  phone?: string | null;
  title?: string | null;
  roles: StaffRole[];
  branchId: string;
  departmentId?: string | null;
  languages?: string[];
  skills?: string[];
}

/** Someone who works for the firm and signs in. */
@Entity('staff')
export class Staff {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** Number of the member of staff in the firm; unique. */
  @Column({ type: 'text', nullable: true })
  code!: string | null;

  /** Lower case; unique. */
  @Column({ type: 'text' })
  loginName!: string;

  @Column({ type: 'text' })
  displayName!: string;

  @Column({ type: 'text', nullable: true })
  familyName!: string | null;

  @Column({ type: 'text', nullable: true })
  middleName!: string | null;

  @Column({ type: 'text', nullable: true })
  givenName!: string | null;

  @Column({ type: 'text', nullable: true })
  email!: string | null;

  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  /** Position, e.g. "Trưởng phòng kinh doanh". */
  @Column({ type: 'text', nullable: true })
  title!: string | null;

  @Column({ type: 'text', array: true })
  roles!: StaffRole[];

  @Column({ type: 'uuid' })
  branchId!: string;

  @Column({ type: 'uuid', nullable: true })
  departmentId!: string | null;

  /** Languages spoken, ISO 639-1. */
  @Column({ type: 'text', array: true })
  languages!: string[];

  /** Skills by which work is routed. */
  @Column({ type: 'text', array: true })
  skills!: string[];

  @Column({ type: 'boolean' })
  active!: boolean;

  @Column({ type: 'timestamptz', nullable: true })
  leftAt!: Date | null;

  /** First day away; nothing when present. */
  @Column({ type: 'date', nullable: true })
  absentFrom!: string | null;

  /** Last day away, when known. */
  @Column({ type: 'date', nullable: true })
  absentUntil!: string | null;

  /** Who stands in during the absence. */
  @Column({ type: 'uuid', nullable: true })
  substituteId!: string | null;

  /** Their record is their own: the scope `own` reaches it. */
  @Column({ type: 'uuid', insert: false, update: false })
  ownerId!: string;

  @VersionColumn()
  version!: number;

  @CreateDateColumn({ type: 'timestamptz', update: false })
  createdAt!: Date;

  /** Takes someone on. */
  static join(id: string, details: StaffDetails): { staff: Staff; event: StaffJoined } {
    const staff = Object.assign(new Staff(), {
      code: null,
      familyName: null,
      middleName: null,
      givenName: null,
      email: null,
      phone: null,
      title: null,
      departmentId: null,
      languages: [],
      skills: [],
      ...details,
      id,
      active: true,
      leftAt: null,
      absentFrom: null,
      absentUntil: null,
      substituteId: null,
    });
    return { staff, event: staff.joined() };
  }

  /** Changes what was given; the rest stays. */
  change(details: Partial<StaffDetails>): void {
    this.mustBeActive();
    Object.assign(this, details);
  }

  /** Goes on leave, or changes the leave that was known. Dates are civil, `YYYY-MM-DD`. */
  goAway(from: string, until: string | null, substituteId: string | null): StaffAbsent {
    this.mustBeActive();
    if (until !== null && until < from) throw absenceBackwards();
    if (substituteId === this.id) throw substituteSelf();
    Object.assign(this, { absentFrom: from, absentUntil: until, substituteId });
    return build(StaffAbsent, {
      staffId: this.id,
      from,
      ...(until === null ? {} : { until }),
      ...(substituteId === null ? {} : { substituteId }),
    });
  }

  /** Is back from leave. */
  comeBack(): void {
    this.mustBeActive();
    Object.assign(this, { absentFrom: null, absentUntil: null, substituteId: null });
  }

  /** Leaves the firm: can no longer sign in. */
  leave(at: Date): StaffLeft {
    this.mustBeActive();
    Object.assign(this, { active: false, leftAt: at, absentFrom: null, absentUntil: null, substituteId: null });
    return build(StaffLeft, { staffId: this.id, branchId: this.branchId });
  }

  /** Is taken on again. */
  rejoin(): StaffJoined {
    if (this.active) throw staffActive({ name: this.displayName });
    Object.assign(this, { active: true, leftAt: null });
    return this.joined();
  }

  /** The member of staff as other services keep it. */
  state(departmentCode: string | undefined): StaffState {
    return build(StaffState, {
      staffId: this.id,
      version: this.version,
      displayName: this.displayName,
      roles: this.roles,
      branchId: this.branchId,
      active: this.active,
      languages: this.languages,
      skills: this.skills,
      ...(this.email ? { email: this.email } : {}),
      ...(departmentCode ? { department: departmentCode } : {}),
      ...(this.absentFrom ? { absentFrom: this.absentFrom } : {}),
      ...(this.absentUntil ? { absentUntil: this.absentUntil } : {}),
      ...(this.substituteId ? { substituteId: this.substituteId } : {}),
    });
  }

  private joined(): StaffJoined {
    return build(StaffJoined, { staffId: this.id, branchId: this.branchId, roles: this.roles });
  }

  private mustBeActive(): void {
    if (!this.active) throw staffLeft({ name: this.displayName });
  }
}
