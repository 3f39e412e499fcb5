import { Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, CurrentUser, Shows, ShowsEach, UuidParam, type Principal, type ShownAs } from '@quen/chassis';
import type { Case } from './case.entity.js';
import { CaseView } from './cases.dto.js';
import { QueuedCase, QueuePosition, QueueQuery } from './queue.dto.js';
import { QueueService } from './queue.service.js';

@ApiTags('queue')
@Controller()
export class QueueController {
  constructor(private readonly queue: QueueService) {}

  /**
   * The queue
   * @remarks Cases that wait within the caller's branches, the next one first.
   */
  @Get('queue')
  @Allow('queue', 'read')
  @ShowsEach(QueuedCase)
  listQueue(@Query() { limit }: QueueQuery): Promise<ShownAs<QueuedCase>[]> {
    return this.queue.list(limit);
  }

  /**
   * Take the next case
   * @remarks The first one that nobody works yet is assigned to the caller.
   */
  @Post('queue/next')
  @HttpCode(200)
  @Allow('queue', 'take')
  @Shows(CaseView)
  takeNextCase(@CurrentUser() user: Principal): Promise<Case> {
    return this.queue.takeNext(user);
  }

  /**
   * Where a case stands in the queue
   * @remarks Its place and the points that earned it, with the customer's value.
   */
  @Get('cases/:id/queue-position')
  @Allow('case', 'read')
  @Shows(QueuePosition)
  getQueuePosition(@UuidParam('id') id: string): Promise<ShownAs<QueuePosition>> {
    return this.queue.position(id);
  }
}
