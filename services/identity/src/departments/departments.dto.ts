import { IsBoolean, IsString, Length, Matches } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';

/** A department to set up. */
export class CreateDepartment {
  /** Short and unique; the claim `department` in tokens. @example "KD" */
  @IsString()
  @Matches(/^\S{1,20}$/)
  code!: string;

  /** @example "Phòng kinh doanh" */
  @IsString()
  @Length(1, 200)
  name!: string;
}

/** Changes of a department; what is left out stays. The code never changes, because other services keep it. */
export class ChangeDepartment {
  @MayBeOmitted()
  @IsString()
  @Length(1, 200)
  name?: string;

  /** False takes the department out of use: nobody joins it any more. */
  @MayBeOmitted()
  @IsBoolean()
  active?: boolean;
}

/** A department as it is shown. */
export class DepartmentView {
  id!: string;
  code!: string;
  name!: string;
  active!: boolean;
  version!: number;
  createdAt!: Date;
}
