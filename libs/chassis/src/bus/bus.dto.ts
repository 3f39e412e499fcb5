import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  IsBoolean,
  IsDate,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNotEmptyObject,
  IsNumberString,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
} from 'class-validator';
import { MayBeOmitted } from '../http/body-decorators.js';
import { operationActions } from './bus.entities.js';

/** Why something is done; kept with the account of it. */
export class BusReason {
  /** @example 'INC-204: amounts arrive as numbers' */
  @IsString() @Matches(/\S/) @MaxLength(500) reason!: string;
}

/** Who paused a consumer, when and why. */
export class ConsumerPause {
  reason!: string;
  /** Subject of who did it. */
  actor!: string | null;
  at!: string;
}

/** A consumer in one partition; offsets as text. */
export class ConsumerPartition {
  /** @example 'crm.customers.customer.state.v1' */
  topic!: string;
  partition!: number;
  /** Everything below is done. */
  position!: string;
  /** Offset of the next record that will be written; null when the brokers do not answer. */
  end!: string | null;
  /** Records to be taken yet; null when the brokers do not answer. */
  lag!: number | null;
  /** When the position last moved. With lag and a time long ago the consumer does not get on. */
  movedAt!: string | null;
  /** Why it is not read; `transient`, `breaker` and `bootstrap` are known of the process that answers only. */
  held!: 'transient' | 'breaker' | 'bootstrap' | 'shortened' | 'operator' | null;
}

/** Records set aside, and how many keys they block. */
export class ParkedCount {
  records!: number;
  keys!: number;
}

/** A consumer group of this service. */
export class BusConsumer {
  /** @example 'crm.sales.customer-replica' */
  consumer!: string;
  /** False for a name that no reactions bear any more. */
  declared!: boolean;
  paused!: ConsumerPause | null;
  /** Over all partitions. */
  lag!: number | null;
  parked!: ParkedCount;
  partitions!: ConsumerPartition[];
}

/** Every consumer group of this service. */
export class BusConsumers {
  data!: BusConsumer[];
}

/** The shards of the outbox that one relay sends. */
export class OutboxLease {
  /** Names machine and process; null for shards that nobody holds. */
  owner!: string | null;
  shards!: number[];
  expiresAt!: string | null;
}

/** Events that are committed and not with Kafka yet. */
export class BusOutbox {
  /** Above 10,000 an estimate, never too low. */
  waiting!: number;
  /** Age of the oldest of them, in seconds. */
  oldestSeconds!: number;
  leases!: OutboxLease[];
}

/** A record that was set aside, without its value. */
export class ParkedRecord {
  /** @example '17' */
  id!: string;
  consumer!: string;
  key!: string;
  topic!: string;
  partition!: number;
  offset!: string;
  headers!: Record<string, string>;
  /** CloudEvents type, if the record has one. */
  type!: string | null;
  /** `behind`: fine by itself, waits for the record of its key before it. */
  errorClass!: string;
  error!: string;
  attempts!: number;
  parkedAt!: string;
  status!: 'parked' | 'replayed' | 'discarded';
  settledAt!: string | null;
  /** When it was last given another value. */
  repairedAt!: string | null;
  /** Size of the value; null for none, or none any more. */
  bytes!: number | null;
}

/** What was parked for one reason. */
export class ParkedError {
  consumer!: string;
  errorClass!: string;
  records!: number;
  keys!: number;
  oldestAt!: string;
  /** The oldest of them. */
  firstId!: string;
  firstError!: string;
}

/** What waits under one key. */
export class ParkedKey {
  consumer!: string;
  key!: string;
  records!: number;
  oldestAt!: string;
  /** The record that all others of the key wait for. */
  firstId!: string;
  errorClass!: string;
}

/** What waits, by error and, those with most records first, by key. */
export class ParkedOverview {
  records!: number;
  byError!: ParkedError[];
  /** At most 50. */
  byKey!: ParkedKey[];
}

/** Which consumer's. */
export class OfConsumer {
  @IsOptional() @IsString() @MaxLength(200) consumer?: string;
}

/** The value of a parked record. */
export class ParkedValue {
  encoding!: 'json' | 'base64' | 'none';
  /** As JSON; as base64 when it is no JSON; null when it is a tombstone. */
  @ApiProperty({ nullable: true, description: 'As JSON; as base64 when it is no JSON; null when it is a tombstone.' })
  value!: unknown;
}

/** Another value for a record. */
export class RecordRepair extends BusReason {
  /**
   * The whole value as JSON, by the event's schema; eventId, aggregateId, aggregateVersion and occurredAt follow from
   * the headers and may be left out.
   */
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsNotEmptyObject()
  value!: Record<string, unknown>;
}

/** SHA-256 of a record's value before and after. */
export class RecordRepaired {
  id!: string;
  before!: string | null;
  after!: string;
}

/** Which parked records are meant; everything given must hold. */
export class ParkedSelection {
  /** @example 'crm.sales.customer-replica' */
  @IsString() @IsNotEmpty() @MaxLength(200) consumer!: string;
  /** One record. */
  @MayBeOmitted() @IsNumberString({ no_symbols: true }) @MaxLength(18) id?: string;
  @MayBeOmitted() @IsString() @MaxLength(1000) key?: string;
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) topic?: string;
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) errorClass?: string;
  @MayBeOmitted() @IsDate() @Type(() => Date) parkedSince?: Date;
  @MayBeOmitted() @IsDate() @Type(() => Date) parkedUntil?: Date;
  /** True, the default: nothing is changed. */
  @ApiPropertyOptional({ default: true }) @MayBeOmitted() @IsBoolean() dryRun: boolean = true;
}

/** Which keys to replay. */
export class NewReplay extends ParkedSelection {
  /**
   * Required unless it is a dry run.
   * @example 'INC-204: the consumer is mended'
   */
  @MayBeOmitted() @IsString() @Matches(/\S/) @MaxLength(500) reason?: string;
}

/** Which records to give up. */
export class NewSkip extends ParkedSelection {
  /**
   * Required unless it is a dry run.
   * @example 'INC-204: a test record'
   */
  @MayBeOmitted() @IsString() @Matches(/\S/) @MaxLength(500) reason?: string;
}

/** What was given up, or would be. */
export class Skipped {
  dryRun!: boolean;
  records!: number;
  keys!: number;
}

/** That a consumer goes on. */
export class ConsumerResumed {
  wasPaused!: boolean;
  /** Minutes for which everything that cannot be taken is parked. */
  parksAllFor!: number | null;
}

/** Why a consumer goes on, and how. */
export class ConsumerResumption {
  /** Needed with `parkForMinutes`. */
  @ValidateIf(({ reason, parkForMinutes }: ConsumerResumption) => reason !== undefined || parkForMinutes !== undefined)
  @IsString()
  @Matches(/\S/)
  @MaxLength(500)
  reason?: string;
  /**
   * For so long whatever cannot be taken is parked, however much it is: when the data is wrong and not the consumer.
   */
  @MayBeOmitted() @IsInt() @Min(1) @Max(1440) parkForMinutes?: number;
}

/** Where to move a consumer. */
export class NewReset {
  @IsString() @IsNotEmpty() @MaxLength(200) consumer!: string;
  /** @example 'crm.customers.customer.state.v1' */
  @IsString() @IsNotEmpty() @MaxLength(200) topic!: string;
  /**
   * `end` after records were lost; `start` only when the topic was made anew and ends before the consumer's position.
   */
  @IsIn(['start', 'end']) to!: 'start' | 'end';
  /** True, the default: nothing is changed. */
  @ApiPropertyOptional({ default: true }) @MayBeOmitted() @IsBoolean() dryRun: boolean = true;
  /**
   * Required unless it is a dry run.
   * @example 'INC-204: the topic lost records'
   */
  @MayBeOmitted() @IsString() @Matches(/\S/) @MaxLength(500) reason?: string;
}

/** What to publish again. */
export class NewRepublication extends BusReason {
  /**
   * A state topic of this service.
   * @example 'crm.customers.customer.state.v1'
   */
  @IsString() @IsNotEmpty() @MaxLength(200) topic!: string;
  /** Key of one aggregate; all of them without it. */
  @MayBeOmitted() @IsString() @IsNotEmpty() @MaxLength(200) id?: string;
}

/** Where a consumer is moved in one partition. */
export class ResetPartition {
  partition!: number;
  from!: string;
  to!: string;
  /** The position lies beyond the topic's end. */
  shortened!: boolean;
}

/** What a reset did, or would do. */
export class ResetDone {
  dryRun!: boolean;
  partitions!: ResetPartition[];
  /** Records that are never handled. */
  skipped!: number;
  warning!: string;
}

/** An account of what an operator did; nothing changes it afterwards. */
export class BusOperation {
  id!: string;
  at!: string;
  /** Subject of who did it. */
  actor!: string | null;
  /** What the token called whoever did it. */
  actorName!: string | null;
  @IsIn(operationActions) action!: (typeof operationActions)[number];
  consumer!: string | null;
  reason!: string | null;
  dryRun!: boolean;
  @ApiProperty({ type: 'object', additionalProperties: true }) filter!: Record<string, unknown>;
  /** Null while it runs, or when it was interrupted. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true }) result!: Record<string, unknown> | null;
  finishedAt!: string | null;
}
