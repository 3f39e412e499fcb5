import { Type } from 'class-transformer';
import { IsDefined, IsInt, IsString, IsUUID, Length, Max, Min, ValidateNested } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';

/** Working minutes. */
export class SlaTargetBody {
  @IsInt() @Min(1) @Max(500_000) firstResponseMinutes!: number;
  @IsInt() @Min(1) @Max(500_000) solutionMinutes!: number;
}

/** Targets by severity. */
export class SlaTargets {
  @IsDefined() @ValidateNested() @Type(() => SlaTargetBody) low!: SlaTargetBody;
  @IsDefined() @ValidateNested() @Type(() => SlaTargetBody) normal!: SlaTargetBody;
  @IsDefined() @ValidateNested() @Type(() => SlaTargetBody) high!: SlaTargetBody;
  @IsDefined() @ValidateNested() @Type(() => SlaTargetBody) critical!: SlaTargetBody;
}

export class CreateSlaPolicy {
  @IsString() @Length(1, 100) name!: string;
  @IsUUID() calendarId!: string;
  @IsDefined() @ValidateNested() @Type(() => SlaTargets) targets!: SlaTargets;
}

/** What changes; what is left out stays. */
export class UpdateSlaPolicy {
  @MayBeOmitted() @IsString() @Length(1, 100) name?: string;
  @MayBeOmitted() @IsUUID() calendarId?: string;
  @MayBeOmitted() @ValidateNested() @Type(() => SlaTargets) targets?: SlaTargets;
}

/** A policy as it is. */
export class SlaPolicyView {
  /** @format uuid */
  id!: string;
  version!: number;
  name!: string;
  /** @format uuid */
  calendarId!: string;
  targets!: SlaTargets;
  isDefault!: boolean;
}
