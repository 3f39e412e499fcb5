import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  beginOperation,
  Operations,
  unknownAggregate,
  unknownRecord,
  unknownState,
  type ConsumerStatus,
  type OutboxStatus,
  type ParkedSummary,
  type Pause,
  type RecordValue,
  type RepairReport,
  type ResetReport,
  type Resumed,
} from '@quen/messaging';
import { Allow } from '../access/decorators.js';
import { Database } from '../database/database.js';
import { ApiJob } from '../jobs/job.decorators.js';
import { Job } from '../jobs/job.dto.js';
import { Jobs } from '../jobs/jobs.js';
import type { Page } from '../lists/list-query.dto.js';
import { ApiList, List } from '../lists/list.decorators.js';
import { page } from '../lists/page.js';
import type { ParsedList } from '../lists/parse-list.js';
import { invalid } from '../problems/problems.js';
import {
  BusConsumers,
  BusOperation,
  BusOutbox,
  BusReason,
  ConsumerPause,
  ConsumerResumed,
  ConsumerResumption,
  NewReplay,
  NewRepublication,
  NewReset,
  NewSkip,
  OfConsumer,
  ParkedOverview,
  ParkedRecord,
  ParkedValue,
  RecordRepair,
  RecordRepaired,
  ResetDone,
  Skipped,
} from './bus.dto.js';
import { OperationRow, operations, parkedRecords, ParkedRow } from './bus.entities.js';
import { mustSayWhy } from './must-say-why.js';
import { StateSources } from './state-source.js';

/** A parked record's number in the path. */
function RecordId(): ParameterDecorator {
  return (target, method, index) => {
    if (method)
      ApiParam({ name: 'id', schema: { type: 'string', pattern: '^\\d{1,18}$' }, example: '17' })(
        target,
        method,
        Object.getOwnPropertyDescriptor(target, method) ?? {},
      );
    Param('id', { transform: (value: string): string => (/^\d{1,18}$/.test(value) ? value : refuseId()) })(
      target,
      method,
      index,
    );
  };
}

function refuseId(): never {
  throw invalid({
    pointer: '/id',
    code: 'is_number',
    message: 'must be a number of at most 18 digits',
    vi: 'phải là số có tối đa 18 chữ số',
  });
}

@ApiTags('Bus')
@Controller('bus')
export class BusController {
  constructor(
    private readonly bus: Operations,
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly states: StateSources,
    private readonly modules: ModuleRef,
  ) {}

  @Get('consumers')
  @Allow('bus', 'read')
  @ApiOperation({
    summary: 'Consumers of this service',
    description:
      'Every consumer group with its position, end, lag and hold in each partition, its pause and how much it has parked.',
  })
  @ApiOkResponse({ type: BusConsumers, description: 'The consumers, by name.' })
  async listConsumers(): Promise<{ data: ConsumerStatus[] }> {
    return { data: await this.bus.overview.consumers() };
  }

  @Get('outbox')
  @Allow('bus', 'read')
  @ApiOperation({
    summary: 'Outbox of this service',
    description: 'How many events wait to be sent, since when, and which relay sends which shards.',
  })
  @ApiOkResponse({ type: BusOutbox, description: 'The outbox.' })
  showOutbox(): Promise<OutboxStatus> {
    return this.bus.overview.outbox();
  }

  @Post('consumers/:consumer/pause')
  @HttpCode(200)
  @Allow('bus', 'pause')
  @ApiParam({
    name: 'consumer',
    description: 'Name of the consumer group.',
    schema: { type: 'string' },
    example: 'crm.sales.customer-replica',
  })
  @ApiOperation({
    summary: 'Pause a consumer',
    description:
      'In every process and across restarts, until it is resumed. What is in work is waited for; nothing begins after the answer.',
  })
  @ApiOkResponse({ type: ConsumerPause, description: 'The pause that is in force.' })
  pauseConsumer(@Param('consumer') consumer: string, @Body() body: BusReason): Promise<Pause> {
    return this.bus.controls.pause(consumer, body.reason);
  }

  @Post('consumers/:consumer/resume')
  @HttpCode(200)
  @Allow('bus', 'pause')
  @ApiParam({
    name: 'consumer',
    description: 'Name of the consumer group.',
    schema: { type: 'string' },
    example: 'crm.sales.customer-replica',
  })
  @ApiOperation({
    summary: 'Resume a consumer',
    description:
      'It goes on where it stood within about a second; with `parkForMinutes` also past more records that cannot be taken than the breaker allows.',
  })
  @ApiOkResponse({
    type: ConsumerResumed,
    description: 'Whether it was paused, and how long it parks everything that it cannot take.',
  })
  resumeConsumer(@Param('consumer') consumer: string, @Body() body: ConsumerResumption): Promise<Resumed> {
    return this.bus.controls.resume(consumer, body.reason, body.parkForMinutes);
  }

  @Get('parked')
  @Allow('bus', 'read')
  @ApiList(parkedRecords, ParkedRecord)
  @ApiOperation({
    summary: 'List parked records',
    description:
      'Records that a consumer could not take, and those that wait behind them under the same key; without their values.',
  })
  listParkedRecords(@List(parkedRecords) query: ParsedList): Promise<Page<ParkedRow>> {
    return this.database.read((tx) => page(tx, parkedRecords, query));
  }

  @Get('parked/summary')
  @Allow('bus', 'read')
  @ApiOperation({
    summary: 'What is parked and why',
    description: 'Waiting records counted by consumer and error, and by key.',
  })
  @ApiOkResponse({ type: ParkedOverview, description: 'The counts.' })
  summariseParkedRecords(@Query() query: OfConsumer): Promise<ParkedSummary> {
    return this.bus.parked.summary(query.consumer);
  }

  @Get('parked/:id')
  @Allow('bus', 'read')
  @ApiOperation({ summary: 'One parked record', description: 'Headers and error, without the value.' })
  @ApiOkResponse({ type: ParkedRecord, description: 'The record.' })
  async getParkedRecord(@RecordId() id: string): Promise<ParkedRow> {
    const row = await this.database.read((tx) => tx.findOneBy(ParkedRow, { id }));
    if (!row) throw unknownRecord({ id });
    return row;
  }

  @Get('parked/:id/value')
  @Allow('bus', 'replay')
  @ApiOperation({
    summary: 'Value of a parked record',
    description: 'Values may hold personal data: that it was read is kept among the operations.',
  })
  @ApiOkResponse({ type: ParkedValue, description: 'The value.' })
  readParkedValue(@RecordId() id: string): Promise<RecordValue> {
    return this.bus.parked.value(id);
  }

  @Post('parked/:id/repair')
  @HttpCode(200)
  @Allow('bus', 'replay')
  @ApiOperation({
    summary: 'Repair a parked record',
    description:
      "Gives it another value, which must follow the event's schema. It still waits and is then replayed. Hashes of the value before and after are kept.",
  })
  @ApiOkResponse({ type: RecordRepaired, description: 'The hashes.' })
  repairParkedRecord(@RecordId() id: string, @Body() body: RecordRepair): Promise<RepairReport> {
    return this.bus.parked.repair(id, body.value, body.reason);
  }

  @Post('replays')
  @ApiJob()
  @Allow('bus', 'replay')
  @ApiOperation({
    summary: 'Replay parked records',
    description:
      "Every key with a matching record: all that waits under it, in order, up to its first failure. A dry run, the default, runs the handlers and undoes what they did; anything else needs a reason. The job's result tells what came of it.",
  })
  replayParkedRecords(@Body() { dryRun, reason, ...filter }: NewReplay): Promise<Job> {
    this.bus.replay.mustKnow(filter.consumer);
    mustSayWhy(dryRun, reason);
    return this.database.transaction(async (tx) => {
      await this.bus.parked.mustWait(tx, filter);
      const operation = await beginOperation(tx, {
        action: 'replay',
        consumer: filter.consumer,
        reason,
        filter,
        dryRun,
      });
      return this.jobs.enqueue(tx, 'bus-replay', { operation, dryRun, filter });
    });
  }

  @Post('skips')
  @HttpCode(200)
  @Allow('bus', 'skip')
  @ApiOperation({
    summary: 'Give parked records up',
    description:
      'For good, with a reason; what waits behind them can then be replayed. Needs a record, a key or an error class; a dry run, the default, only counts.',
  })
  @ApiOkResponse({ type: Skipped, description: 'How many.' })
  skipParkedRecords(@Body() { dryRun, reason, ...filter }: NewSkip): Promise<Skipped> {
    this.bus.replay.mustKnow(filter.consumer);
    if (filter.id === undefined && filter.key === undefined && filter.errorClass === undefined) {
      throw invalid({
        pointer: '/id',
        code: 'required',
        message: 'id, key or errorClass must say which records are given up',
        vi: 'phải cho id, key hoặc errorClass để chỉ rõ bản tin nào bị bỏ',
      });
    }
    mustSayWhy(dryRun, reason);
    return this.bus.parked.skip(filter, reason, dryRun);
  }

  @Post('resets')
  @HttpCode(200)
  @Allow('bus', 'reset')
  @ApiOperation({
    summary: 'Move a consumer to the start or end of a topic',
    description:
      "For a topic that ends before the consumer's position: `start` when it was made anew, `end` when it lost records. Elsewhere only `end` is possible, and skips what was not read. A dry run, the default, tells the positions.",
  })
  @ApiOkResponse({ type: ResetDone, description: 'Old and new positions.' })
  resetConsumer(@Body() body: NewReset): Promise<ResetReport> {
    mustSayWhy(body.dryRun, body.reason);
    return this.bus.controls.reset(body);
  }

  @Post('republications')
  @ApiJob()
  @Allow('bus', 'republish')
  @ApiOperation({
    summary: 'Publish states again',
    description:
      "The current state of everything on one of the service's state topics, or of one aggregate, under its present version: whoever has it already drops it. Gives way to what the service publishes meanwhile.",
  })
  async republishStates(@Body() { topic, id, reason }: NewRepublication): Promise<Job> {
    const found = this.states.of(topic);
    if (!found) throw unknownState({ topic, topics: this.states.topics.join(', ') || '–' });
    if (id !== undefined) {
      const [state] = await this.database.elevated((tx) =>
        found.source.read(tx, { id, limit: 1 }, (type) => this.modules.get(type, { strict: false })),
      );
      if (!state) throw unknownAggregate({ topic, id });
    }
    return this.database.transaction(async (tx) => {
      const operation = await beginOperation(tx, { action: 'republish', reason, filter: { topic, id } });
      return this.jobs.enqueue(tx, 'bus-republish', { operation, topic, id });
    });
  }

  @Get('operations')
  @Allow('bus', 'read')
  @ApiList(operations, BusOperation)
  @ApiOperation({
    summary: 'What operators did',
    description: 'Every operation, dry runs and reads of values included: who, when, what, why and what came of it.',
  })
  listOperations(@List(operations) query: ParsedList): Promise<Page<OperationRow>> {
    return this.database.read((tx) => page(tx, operations, query));
  }
}
