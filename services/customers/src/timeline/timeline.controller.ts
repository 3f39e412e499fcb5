import { Controller, Get, Headers } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  languageOf,
  List,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { timelineText } from './timeline-texts.js';
import { TimelineEntryView } from './timeline.dto.js';
import { timelineList, TimelineService } from './timeline.service.js';

@ApiTags('Timeline')
@Controller('customers/:id/timeline')
export class TimelineController {
  constructor(private readonly timeline: TimelineService) {}

  @Get()
  @Allow('timeline', 'read')
  @ApiOperation({
    summary: "Read a customer's timeline",
    description:
      'What every service did with the customer, the newest first; filter by service, kind and time. Of sales outside what you may read there only that they were: no amounts, stages, methods and reasons.',
  })
  @ApiList(timelineList, TimelineEntryView)
  async listTimeline(
    @UuidParam('id') id: string,
    @List(timelineList) query: ParsedList,
    @CurrentUser() user: Principal,
    @Headers('accept-language') language?: string,
  ): Promise<Page<TimelineEntryView>> {
    const page = await this.timeline.of(id, query, user);
    return {
      ...page,
      data: page.data.map((row) => ({
        ...row,
        id: row.eventId,
        text: timelineText(row.service, row.kind, row.data, languageOf(language)),
      })),
    };
  }
}
