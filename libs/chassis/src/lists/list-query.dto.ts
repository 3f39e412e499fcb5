import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

/** One page of a list. */
export interface Page<T> {
  data: T[];
  /** Opens the next page; null on the last one. */
  nextCursor: string | null;
  hasMore: boolean;
  /** Rows over all pages, only on `count=exact`. */
  total?: number;
}

/** Body of a `POST …/search`: like the list, with a rule tree instead of simple filters. */
export class SearchBody {
  /** Rule tree `{combinator, rules}` over the list's fields; the same as for segments. */
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    example: { combinator: 'and', rules: [{ field: 'createdAt', operator: 'withinLastDays', value: 30 }] },
  })
  @IsOptional()
  where?: Record<string, unknown>;
  /** Rows a page. */
  @IsOptional() @IsInt() @Min(1) @Max(200) limit?: number;
  /** `nextCursor` of the page before. */
  @IsOptional() @IsString() @MaxLength(2000) cursor?: string;
  /** Order, e.g. `-createdAt,name`. */
  @IsOptional() @IsString() @MaxLength(200) sort?: string;
  /** Words to find, without regard to accents and case. */
  @IsOptional() @IsString() @MaxLength(200) q?: string;
  /** `exact` to have the total counted. */
  @IsOptional() @IsString() @MaxLength(5) count?: string;
}
