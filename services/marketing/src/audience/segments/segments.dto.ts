import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  MinLength,
} from 'class-validator';
import { MayBeOmitted, type RuleGroup } from '@quen/chassis';
import type { SegmentKind } from './segment.entity.js';

const ruleExample = {
  combinator: 'and',
  rules: [
    { field: 'marketingChannels', operator: 'contains', value: 'email' },
    {
      combinator: 'or',
      rules: [
        { field: 'rank', operator: 'in', value: ['gold', 'diamond'] },
        { field: 'lastOrderOn', operator: 'withinLastDays', value: 90 },
      ],
    },
  ],
};

export class CreateSegment {
  /** @example 'Khách vàng và kim cương ở Hà Nội' */
  @IsString() @MinLength(1) @MaxLength(200) name!: string;
  @MayBeOmitted() @IsString() @MaxLength(1000) description?: string;
  /** `rules`: members follow from the rule; `static`: members are listed by hand. */
  @IsIn(['rules', 'static']) kind!: SegmentKind;
  /**
   * Rule tree `{combinator, not?, rules}` over the fields of `GET /v1/segments/fields`; only for `rules`. An empty
   * group holds for every customer.
   */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, example: ruleExample })
  @MayBeOmitted()
  @IsObject()
  rule?: Record<string, unknown>;
  /**
   * Only customers of this branch and those below it. Left out: the caller's own branch; for callers who reach the
   * whole firm, the whole firm.
   */
  @MayBeOmitted() @IsUUID() branchId?: string;
}

export class ChangeSegment {
  @MayBeOmitted() @IsString() @MinLength(1) @MaxLength(200) name?: string;
  /** Null clears it. */
  @IsOptional() @IsString() @MaxLength(1000) description?: string | null;
  /** A new rule; members are evaluated anew at once. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true, example: ruleExample })
  @MayBeOmitted()
  @IsObject()
  rule?: Record<string, unknown>;
}

export class PreviewSegment {
  @ApiProperty({ type: 'object', additionalProperties: true, example: ruleExample })
  @IsObject()
  rule!: Record<string, unknown>;
  @MayBeOmitted() @IsUUID() branchId?: string;
}

export class ChangeMembers {
  /** Customers to add. */
  @MayBeOmitted() @IsArray() @ArrayMaxSize(5000) @IsUUID(undefined, { each: true }) add?: string[];
  /** Customers to take off. */
  @MayBeOmitted() @IsArray() @ArrayMaxSize(5000) @IsUUID(undefined, { each: true }) remove?: string[];
}

export class SegmentView {
  @IsUUID() id!: string;
  version!: number;
  name!: string;
  description!: string | null;
  @IsIn(['rules', 'static']) kind!: SegmentKind;
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true, example: ruleExample })
  rule!: RuleGroup | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) branchId!: string | null;
  @IsBoolean() active!: boolean;
  /** Members now. */
  size!: number;
  createdAt!: string;
  updatedAt!: string;
}

/** A customer as lists of members show them. */
export class MemberView {
  @IsUUID() id!: string;
  code!: string | null;
  displayName!: string | null;
  category!: string | null;
  province!: string | null;
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) branchId!: string | null;
  rank!: string | null;
  lifetimeValue!: string;
  marketingChannels!: string[];
  openSevereComplaints!: number;
}

export class SegmentPreview {
  /** Customers who would belong. */
  size!: number;
  /** Of these, who consented to marketing by email and have an address. */
  reachableByEmail!: number;
  /** Up to ten of them. */
  sample!: MemberView[];
}

export class MembersChanged {
  added!: number;
  removed!: number;
}

/** One step of a customer into or out of a segment. */
export class MembershipStep {
  @IsUUID() customerId!: string;
  member!: boolean;
  at!: string;
  /** The event that caused it; null when a person or the calendar did. */
  @ApiProperty({ type: 'string', format: 'uuid', nullable: true }) becauseOf!: string | null;
}

/** A field that rules may speak of. */
export class SegmentField {
  name!: string;
  label!: string;
  type!: string;
  operators!: string[];
  choices?: string[];
}
