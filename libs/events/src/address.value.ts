import { IsOptional, IsString, MaxLength } from 'class-validator';

/**
 * A postal address. Since 1 July 2025 Vietnam has 34 provinces and two tiers; older addresses have 63 and three,
 * so the district may be there or not. The text as typed is always kept.
 */
export class Address {
  /** As typed, whole. */
  @IsString() @MaxLength(500) text!: string;
  /** House number and street. */
  @IsOptional() @IsString() @MaxLength(200) line?: string;
  /** Ward or commune. */
  @IsOptional() @IsString() @MaxLength(100) ward?: string;
  /** District, only in addresses from before July 2025. */
  @IsOptional() @IsString() @MaxLength(100) district?: string;
  /** Province or city. */
  @IsOptional() @IsString() @MaxLength(100) province?: string;
  /** ISO 3166-1 alpha-2. */
  @IsOptional() @IsString() @MaxLength(2) country?: string;
}
