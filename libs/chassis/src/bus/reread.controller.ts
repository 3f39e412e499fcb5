import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { beginOperation, notReread, Operations } from '@quen/messaging';
import { Allow } from '../access/decorators.js';
import { Database } from '../database/database.js';
import { ApiJob } from '../jobs/job.decorators.js';
import { Job } from '../jobs/job.dto.js';
import { Jobs } from '../jobs/jobs.js';
import type { DerivedStore } from '../rebuilds/derived-store.js';
import { derivedStores } from '../rebuilds/rebuilds.js';
import { mustSayWhy } from './must-say-why.js';
import { NewReread } from './reread.dto.js';

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
