import { Body, Controller, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow } from '../access/decorators.js';
import { ApiJob } from '../jobs/job.decorators.js';
import { Job } from '../jobs/job.dto.js';
import { Rebuilds } from '../rebuilds/rebuilds.js';
import { mustSayWhy } from './must-say-why.js';
import { StartRebuild } from './rebuild.dto.js';

@ApiTags('Bus')
@Controller('bus/rebuilds')
export class RebuildsController {
  constructor(private readonly rebuilds: Rebuilds) {}

  @Post()
  @Allow('bus', 'rebuild')
  @ApiJob()
  @ApiOperation({
    summary: 'Rebuild stores from their topics',
    description:
      'Reads the topics from the first offset into a store beside the one in use, compares both row for row at the same offsets, and reports what differs; with `take`, which needs a reason, corrects it. ' +
      "The one in use serves and consumes all the time. The job's result is the report; cancelling the job leaves everything as it is.",
  })
  startRebuild(@Body() { consumers = [], take = false, reason }: StartRebuild): Promise<Job> {
    mustSayWhy(!take, reason);
    return this.rebuilds.start(consumers, take, reason);
  }
}
