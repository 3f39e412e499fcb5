import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  Min,
} from 'class-validator';
import { CivilDate } from '../civil-date.value.js';
import { Event, State } from '../declaration.js';
import { factTopic, stateTopic } from '../topic.js';

export const staffTopic = factTopic('identity', 'staff', 'Staff who join, leave or are absent.');
export const staffStateTopic = stateTopic('identity', 'staff', 'Each member of staff as they are now.');

export const staffRoles = [
  'administrator',
  'director',
  'branch-manager',
  'marketer',
  'seller',
  'agent',
  'accountant',
  'data-reader',
] as const;
export type StaffRole = (typeof staffRoles)[number];

@Event('crm.identity.staff-joined', { version: 1, topic: staffTopic, key: 'staffId', dataClass: 'none' })
export class StaffJoined {
  @IsUUID() staffId!: string;
  @IsUUID() branchId!: string;
  @IsIn(staffRoles, { each: true }) @IsArray() roles!: StaffRole[];
}

@Event('crm.identity.staff-left', { version: 1, topic: staffTopic, key: 'staffId' })
export class StaffLeft {
  @IsUUID() staffId!: string;
  @IsUUID() branchId!: string;
}

@Event('crm.identity.staff-absent', { version: 1, topic: staffTopic, key: 'staffId' })
export class StaffAbsent {
  @IsUUID() staffId!: string;
  /** First day away. */
  @CivilDate() from!: string;
  /** Last day away; unknown when left out. */
  @IsOptional() @CivilDate() until?: string;
  /** Who stands in. */
  @IsOptional() @IsUUID() substituteId?: string;
}

@State('crm.identity.staff', { version: 1, topic: staffStateTopic, key: 'staffId', dataClass: 'basic' })
export class StaffState {
  @IsUUID() staffId!: string;
  @IsInt() @Min(0) version!: number;
  @IsString() @MaxLength(200) displayName!: string;
  @IsOptional() @IsString() @MaxLength(254) email?: string;
  @IsIn(staffRoles, { each: true }) @IsArray() roles!: StaffRole[];
  @IsUUID() branchId!: string;
  @IsOptional() @IsString() @MaxLength(60) department?: string;
  @IsBoolean() active!: boolean;
  /** Languages spoken, ISO 639-1. */
  @IsOptional() @IsArray() @ArrayMaxSize(10) @IsString({ each: true }) languages?: string[];
  /** Skills by which work is routed. */
  @IsOptional() @IsArray() @ArrayMaxSize(50) @IsString({ each: true }) skills?: string[];
  /** First day away; absent from the state when no leave is known. */
  @IsOptional() @CivilDate() absentFrom?: string;
  /** Last day away, when known. */
  @IsOptional() @CivilDate() absentUntil?: string;
  /** Who stands in during the leave. */
  @IsOptional() @IsUUID() substituteId?: string;
}
