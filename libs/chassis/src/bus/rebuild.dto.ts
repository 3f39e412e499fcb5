import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsBoolean, IsString, Matches, MaxLength } from 'class-validator';
import { MayBeOmitted } from '../http/body-decorators.js';

/** Which stores to make anew from their topics, and what to do about differences. */
export class StartRebuild {
  /**
   * Consumer groups whose stores are made anew; all that can be, when none is named.
   * @example ['crm.analytics.facts']
   */
  @MayBeOmitted()
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(50)
  @Matches(/^[a-z0-9.-]{1,100}$/, { each: true })
  consumers?: string[];
  /** True: correct what differs and publish what was corrected. False, the default: only report it. */
  @MayBeOmitted() @IsBoolean() take?: boolean;
  /**
   * Required with `take`.
   * @example 'INC-204: insights were changed by hand'
   */
  @MayBeOmitted() @IsString() @Matches(/\S/) @MaxLength(500) reason?: string;
}
