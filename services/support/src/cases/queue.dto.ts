import { ApiProperty } from '@nestjs/swagger';
import { IsInt, Max, Min } from 'class-validator';
import { MayBeOmitted } from '@quen/chassis';
import { customerRanks, type CustomerRank } from '@quen/events';
import { CaseView } from './cases.dto.js';

/** How much of the queue is wanted. */
export class QueueQuery {
  /** How many cases at most. */
  @ApiProperty({ type: 'integer', minimum: 1, maximum: 200, default: 25, required: false })
  @MayBeOmitted()
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 25;
}

/** One reason for a place in the queue. */
export class PriorityPartView {
  /** @example 'rank' */
  code!: string;
  /** @example 'gold' */
  value!: string;
  points!: number;
}

/** Where a case stands in the queue, and why. */
export class QueuePosition {
  /** 1 is next; null when the case does not wait. */
  position!: number | null;
  points!: number;
  parts!: PriorityPartView[];
  /** The customer's value as last heard from analytics. */
  @ApiProperty({ enum: customerRanks }) rank!: CustomerRank;
  lifetimeValue!: string;
  /** When analytics calculated it, and when it arrived here. */
  rankedAt!: Date | null;
  receivedAt!: Date | null;
}

/** A case that waits, with its place. */
export class QueuedCase extends CaseView {
  position!: number;
}
