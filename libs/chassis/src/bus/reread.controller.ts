import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsDate, IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { beginOperation, notReread, Operations } from '@quen/messaging';
import { Allow } from '../access/decorators.js';
import { Database } from '../database/database.js';
import { MayBeOmitted } from '../http/body-decorators.js';
import { ApiJob } from '../jobs/job.decorators.js';
import { Job } from '../jobs/job.dto.js';
import { Jobs } from '../jobs/jobs.js';
import type { DerivedStore } from '../rebuilds/derived-store.js';
import { derivedStores } from '../rebuilds/rebuilds.js';
import { mustSayWhy } from './must-say-why.js';

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

@ApiTags('Bus')
@Controller('bus/rereads')
export class RereadController {
  constructor(
    private readonly bus: Operations,
    private readonly database: Database,
    private readonly jobs: Jobs,
    @Inject(derivedStores) private readonly stores: readonly DerivedStore[],
  ) {}

  @Post()
  @ApiJob()
  @Allow('bus', 'replay')
  @ApiOperation({
    summary: 'Give a consumer the past of a type',
    description:
      "For a consumer that reacts to a type of fact since a later version: the events that it passed over before, each at most once, however often this is asked. A store that is made from topics alone is rebuilt instead. A dry run, the default, only counts; anything else needs a reason. The job's result tells what came of it.",
  })
  rereadEvents(@Body() { dryRun, reason, since, ...events }: NewReread): Promise<Job> {
    this.bus.reread.mustKnow(events);
    if (this.stores.some(({ groups }) => groups.includes(events.consumer)))
      throw notReread({ consumer: events.consumer });
    mustSayWhy(dryRun, reason);
    const request = { ...events, since: since.toISOString() };
    return this.database.transaction(async (tx) => {
      const operation = await beginOperation(tx, {
        action: 'reread',
        consumer: events.consumer,
        reason,
        filter: request,
        dryRun,
      });
      return this.jobs.enqueue(tx, 'bus-reread', { operation, dryRun, ...request });
    });
  }
}
