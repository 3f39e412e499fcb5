import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsDate, IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { MayBeOmitted } from '../http/body-decorators.js';

/** Which events a consumer is to be given. */
export class NewReread {
  /** @example 'crm.sales.lead-intake' */
  @IsString() @IsNotEmpty() @MaxLength(200) consumer!: string;
  /** @example 'crm.marketing.lead.v1' */
  @IsString() @IsNotEmpty() @MaxLength(200) topic!: string;
  /** @example 'crm.marketing.lead-routed.v1' */
  @IsString() @IsNotEmpty() @MaxLength(200) type!: string;
  /** Only what happened from then on. */
  @IsDate() @Type(() => Date) since!: Date;
  /** True, the default: nothing is changed. */
  @ApiPropertyOptional({ default: true }) @MayBeOmitted() @IsBoolean() dryRun: boolean = true;
  /**
   * Required unless it is a dry run.
   * @example 'INC-204: a release late'
   */
  @MayBeOmitted() @IsString() @Matches(/\S/) @MaxLength(500) reason?: string;
}
