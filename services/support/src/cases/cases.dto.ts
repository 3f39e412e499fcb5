import { ApiProperty } from '@nestjs/swagger';
import { IsBoolean, IsIn, IsInt, IsOptional, IsString, IsUUID, Length, Max, MaxLength, Min } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import {
  caseChannels,
  caseKinds,
  caseSeverities,
  caseStatuses,
  customerRanks,
  type CaseChannel,
  type CaseKind,
  type CaseSeverity,
  type CaseStatus,
  type CustomerRank,
} from '@quen/events';

/** Work that somebody did on a case. */
class Work {
  /** Minutes of work that this took: what serving the customer costs. Whoever leaves it out logs none. */
  @IsOptional() @IsInt() @Min(0) @Max(1440) minutes?: number;
}

/** What a customer needs help with. */
export class OpenCase {
  @IsUUID() customerId!: string;
  /** @example 'Máy lọc nước rò rỉ' */
  @IsString() @Length(1, 300) subject!: string;
  @IsOptional() @IsString() @MaxLength(20_000) description?: string;
  @IsIn(caseKinds) kind!: CaseKind;
  @IsIn(caseSeverities) severity!: CaseSeverity;
  /** @example 'leak' */
  @IsString() @Length(1, 60) category!: string;
  @IsIn(caseChannels) channel!: CaseChannel;
  /** Policy whose targets hold; the default one when left out. */
  @IsOptional() @IsUUID() policyId?: string;
}

/** What changes; what is left out stays, null clears. */
export class UpdateCase {
  @MayBeOmitted() @IsString() @Length(1, 300) subject?: string;
  @IsOptional() @IsString() @MaxLength(20_000) description?: string | null;
  @MayBeOmitted() @IsIn(caseKinds) kind?: CaseKind;
  @MayBeOmitted() @IsIn(caseSeverities) severity?: CaseSeverity;
  @MayBeOmitted() @IsString() @Length(1, 60) category?: string;
  @IsOptional() @IsString() @MaxLength(60) cause?: string | null;
}

export class AssignCase {
  /** Who is to work it. */
  @IsUUID() agentId!: string;
}

export class AnswerCase extends Work {
  @IsString() @Length(1, 20_000) text!: string;
  /** True when the customer has to reply before work can go on: the clock of the solution stands until then. */
  @IsOptional() @IsBoolean() waitForCustomer?: boolean;
}

/** A note that the customer never sees, or what the customer wrote. */
export class CaseText extends Work {
  @IsString() @Length(1, 20_000) text!: string;
}

export class SolveCase extends Work {
  @IsString() @Length(1, 20_000) solution!: string;
  /** What was behind it, for counts and causes. */
  @IsOptional() @IsString() @MaxLength(60) cause?: string;
}

/** Work on a case that is neither answer nor solution. */
export class LogTime {
  /** Minutes of work, at most a day. */
  @IsInt() @Min(0) @Max(1440) minutes!: number;
  /** What was done; the customer never sees it. */
  @IsOptional() @IsString() @Length(1, 20_000) text?: string;
}

export class RateCase {
  /** 1 is worst, 5 is best. */
  @IsInt() @Min(1) @Max(5) rating!: number;
  @IsOptional() @IsString() @MaxLength(2000) comment?: string;
}

/** A case as it is. */
export class CaseView {
  /** @format uuid */
  id!: string;
  version!: number;
  code!: string;
  /** @format uuid */
  customerId!: string;
  /** @format uuid */
  branchId!: string;
  agentId!: string | null;
  subject!: string;
  description!: string | null;
  @ApiProperty({ enum: caseKinds }) kind!: CaseKind;
  @ApiProperty({ enum: caseSeverities }) severity!: CaseSeverity;
  category!: string;
  cause!: string | null;
  @ApiProperty({ enum: caseChannels }) channel!: CaseChannel;
  @ApiProperty({ enum: caseStatuses }) status!: CaseStatus;
  openedAt!: Date;
  firstAnsweredAt!: Date | null;
  solvedAt!: Date | null;
  closedAt!: Date | null;
  solution!: string | null;
  reopened!: number;
  /** Minutes of work that agents logged. */
  workedMinutes!: number;
  rating!: number | null;
  ratingComment!: string | null;
  firstResponseDueAt!: Date | null;
  solutionDueAt!: Date | null;
  firstResponseBreachedAt!: Date | null;
  solutionBreachedAt!: Date | null;
  /** Place in the queue: more points come first. */
  points!: number;
  @ApiProperty({ enum: customerRanks }) rank!: CustomerRank;
  updatedAt!: Date;
}

/** An entry of a case's log. */
export class CaseLogEntry {
  n!: number;
  at!: Date;
  /** @example 'answered' */
  kind!: string;
  actorName!: string | null;
  status!: string;
  /** Whether the clock of the solution ran from here on. */
  running!: boolean;
  text!: string | null;
  /** Minutes of work that were logged with it. */
  minutes!: number | null;
}

/** A stretch of time in which the clock ran. */
export class UsedTimeView {
  from!: Date;
  to!: Date;
  workingMinutes!: number;
}

/** A deadline with everything that led to it. */
export class DeadlineView {
  dueAt!: Date | null;
  targetMinutes!: number;
  usedMinutes!: number;
  used!: UsedTimeView[];
  breachedAt!: Date | null;
}

/** Why a case's deadlines are what they are: its log, its calendar and its policy, each with version. */
export class DeadlinesView {
  policyName!: string;
  policyVersion!: number;
  calendarName!: string;
  calendarVersion!: number;
  firstResponse!: DeadlineView;
  solution!: DeadlineView;
}
