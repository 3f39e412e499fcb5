import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsObject,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { MayBeOmitted, type RuleGroup } from '@quen/chassis';
import { requirements, stageKinds, type Requirement, type StageKind } from './stage.js';

/** A condition for entering a stage. */
export class StageGuardBody {
  /**
   * Rule tree over amount, expectedCloseOn, need, lines, contacts, contactRoles, issuedQuotes, acceptedQuotes and
   * customerRank.
   */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { combinator: 'and', rules: [{ field: 'issuedQuotes', operator: '>=', value: 1 }] },
  })
  @IsObject()
  rule!: RuleGroup;
  /** What a person is told when it does not hold. */
  @IsString() @IsNotEmpty() @MaxLength(300) message!: string;
}

/** A step of the sales process. */
export class StageBody {
  /** @example 'proposal' */
  @Matches(/^[a-z0-9][a-z0-9-]*$/) @MaxLength(60) code!: string;
  /** @example 'Báo giá' */
  @IsString() @IsNotEmpty() @MaxLength(100) name!: string;
  @IsIn(stageKinds) kind!: StageKind;
  /** Chance of winning in per cent. */
  @IsInt() @Min(0) @Max(100) probability!: number;
  /** What must be filled in before the stage is entered. */
  @IsArray() @ArrayMaxSize(10) @IsIn(requirements, { each: true }) requires!: Requirement[];
  @IsArray() @ArrayMaxSize(10) @ValidateNested({ each: true }) @Type(() => StageGuardBody) guards!: StageGuardBody[];
  /** Codes of the stages that may follow. */
  @IsArray() @ArrayMaxSize(30) @IsString({ each: true }) moves!: string[];
}

/** A pipeline to add. */
export class CreatePipeline {
  /** @example 'projects' */
  @Matches(/^[a-z0-9][a-z0-9-]*$/) @MaxLength(60) code!: string;
  /** @example 'Bán hàng dự án' */
  @IsString() @IsNotEmpty() @MaxLength(200) name!: string;
  /** Exactly one stage is of kind `won` and one `lost`; the first open one is where opportunities begin. */
  @IsArray()
  @ArrayMinSize(3)
  @ArrayMaxSize(30)
  @ValidateNested({ each: true })
  @Type(() => StageBody)
  stages!: StageBody[];
}

/** Changes of a pipeline; what is left out stays. */
export class UpdatePipeline {
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) name?: string;
  @MayBeOmitted()
  @IsArray()
  @ArrayMinSize(3)
  @ArrayMaxSize(30)
  @ValidateNested({ each: true })
  @Type(() => StageBody)
  stages?: StageBody[];
  /** New opportunities begin here unless they name another pipeline; the former default steps back. */
  @MayBeOmitted() @IsIn([true]) isDefault?: true;
  @MayBeOmitted() @IsBoolean() active?: boolean;
}

/** A sales process. */
export class PipelineView {
  id!: string;
  code!: string;
  name!: string;
  isDefault!: boolean;
  active!: boolean;
  @Type(() => StageBody) stages!: StageBody[];
  version!: number;
}
