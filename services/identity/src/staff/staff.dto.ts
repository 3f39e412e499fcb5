import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsEmail,
  IsIn,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { AsTyped, MayBeOmitted } from '@quen/chassis';
import { CivilDate, staffRoles, type StaffRole } from '@quen/events';

/** Someone who joins the firm. */
export class TakeOnStaff {
  /** The firm's own number, unique. @example "NV-001" */
  @IsOptional()
  @IsString()
  @Length(1, 30)
  code?: string;

  /** What is typed to sign in, unique without regard to case; the email when left out. @example "lan.nguyen" */
  @ValidateIf((body: TakeOnStaff) => body.loginName !== undefined || body.email === undefined)
  @IsString()
  @Matches(/^\S{2,100}$/)
  loginName?: string;

  /** @example "Nguyễn Thị Lan" */
  @IsString()
  @Length(1, 200)
  displayName!: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  familyName?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  middleName?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  givenName?: string;

  /** @example "lan.nguyen@example.vn" */
  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string;

  /** @example "+84902110001" */
  @IsOptional()
  @IsString()
  @MaxLength(30)
  phone?: string;

  /** Position. @example "Trưởng nhóm bán hàng" */
  @IsOptional()
  @IsString()
  @MaxLength(200)
  title?: string;

  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(staffRoles, { each: true })
  roles!: StaffRole[];

  @IsUUID()
  branchId!: string;

  @IsOptional()
  @IsUUID()
  departmentId?: string;

  /** Languages spoken, ISO 639-1. @example ["vi", "en"] */
  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(10)
  @Matches(/^[a-z]{2}$/, { each: true })
  languages?: string[];

  /** Skills by which work is routed. @example ["máy lọc nước"] */
  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(60, { each: true })
  skills?: string[];
}

/** Changes of a member of staff; what is left out stays, null clears. */
export class ChangeStaff {
  @IsOptional()
  @IsString()
  @Length(1, 30)
  code?: string | null;

  @MayBeOmitted()
  @IsString()
  @Matches(/^\S{2,100}$/)
  loginName?: string;

  @MayBeOmitted()
  @IsString()
  @Length(1, 200)
  displayName?: string;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  familyName?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  middleName?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  givenName?: string | null;

  @IsOptional()
  @IsEmail()
  @MaxLength(254)
  email?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(30)
  phone?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(200)
  title?: string | null;

  @MayBeOmitted()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayUnique()
  @IsIn(staffRoles, { each: true })
  roles?: StaffRole[];

  @MayBeOmitted()
  @IsUUID()
  branchId?: string;

  @IsOptional()
  @IsUUID()
  departmentId?: string | null;

  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(10)
  @Matches(/^[a-z]{2}$/, { each: true })
  languages?: string[];

  @MayBeOmitted()
  @IsArray()
  @ArrayMaxSize(50)
  @IsString({ each: true })
  @MaxLength(60, { each: true })
  skills?: string[];
}

/** A leave. */
export class ReportAbsence {
  /** First day away. @example "2026-02-16" */
  @CivilDate()
  from!: string;

  /** Last day away; open when left out. @example "2026-02-20" */
  @IsOptional()
  @CivilDate()
  until?: string;

  /** Who stands in. */
  @IsOptional()
  @IsUUID()
  substituteId?: string;
}

/** A password that an administrator sets; its owner has to replace it at the next sign-in. */
export class SetPassword {
  /** 10 to 200 characters. @example "tam thoi 8 giọt nước" */
  @AsTyped()
  @IsString()
  @MaxLength(200)
  password!: string;
}

/** One's own password replaced. */
export class ChangePassword {
  @AsTyped()
  @IsString()
  @MaxLength(200)
  present!: string;

  /** 10 to 200 characters. */
  @AsTyped()
  @IsString()
  @MaxLength(200)
  next!: string;
}

/** A member of staff as they are shown. */
export class StaffView {
  id!: string;
  code!: string | null;
  loginName!: string;
  displayName!: string;
  familyName!: string | null;
  middleName!: string | null;
  givenName!: string | null;
  email!: string | null;
  phone!: string | null;
  title!: string | null;
  roles!: StaffRole[];
  branchId!: string;
  departmentId!: string | null;
  languages!: string[];
  skills!: string[];
  active!: boolean;
  leftAt!: Date | null;
  /** First day of the leave that is known. */
  absentFrom!: string | null;
  absentUntil!: string | null;
  substituteId!: string | null;
  version!: number;
  createdAt!: Date;
}
