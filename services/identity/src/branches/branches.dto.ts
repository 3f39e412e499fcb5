import { IsBoolean, IsOptional, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';

/** A branch to open. */
export class OpenBranch {
  /** Short and unique. @example "HN-CG" */
  @IsString()
  @Matches(/^\S{1,20}$/)
  code!: string;

  /** @example "Chi nhánh Cầu Giấy" */
  @IsString()
  @Length(1, 200)
  name!: string;

  /** The branch above; a root when left out. */
  @IsOptional()
  @IsUUID()
  parentId?: string;

  /** @example "Hà Nội" */
  @IsOptional()
  @IsString()
  @MaxLength(100)
  province?: string;

  /** As typed. @example "Số 242 đường Cầu Giấy, phường Cầu Giấy, Hà Nội" */
  @IsOptional()
  @IsString()
  @MaxLength(300)
  address?: string;

  /** @example "+842437901811" */
  @IsOptional()
  @IsString()
  @MaxLength(30)
  phone?: string;
}

/** Changes of a branch; what is left out stays, null clears. */
export class ChangeBranch {
  @MayBeOmitted()
  @IsString()
  @Matches(/^\S{1,20}$/)
  code?: string;

  @MayBeOmitted()
  @IsString()
  @Length(1, 200)
  name?: string;

  /** Moves the branch with everything below it; null makes it a root. */
  @IsOptional()
  @IsUUID()
  parentId?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(100)
  province?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(300)
  address?: string | null;

  @IsOptional()
  @IsString()
  @MaxLength(30)
  phone?: string | null;

  /** False closes the branch, true opens it again. */
  @MayBeOmitted()
  @IsBoolean()
  active?: boolean;
}

/** A branch as it is shown. */
export class BranchView {
  id!: string;
  code!: string;
  name!: string;
  parentId!: string | null;
  /** Ids from the root down to this branch, joined by dots. */
  path!: string;
  province!: string | null;
  address!: string | null;
  phone!: string | null;
  active!: boolean;
  version!: number;
  createdAt!: Date;
}
