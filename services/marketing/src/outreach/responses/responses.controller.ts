import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  List,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import type { Response } from './response.entity.js';
import { RecordResponse, ResponseView } from './responses.dto.js';
import { responseList, ResponsesService } from './responses.service.js';

@ApiTags('campaigns')
@Controller('campaigns/:id/responses')
export class ResponsesController {
  constructor(private readonly responses: ResponsesService) {}

  /** What customers answered. */
  @Get()
  @Allow('campaign', 'read')
  @ApiList(responseList, ResponseView)
  listCampaignResponses(@UuidParam('id') id: string, @List(responseList) query: ParsedList): Promise<Page<Response>> {
    return this.responses.list(id, query);
  }

  /** Notes an answer that came by other ways than the link; it becomes a lead, which is scored and routed at once. */
  @Post()
  @Allow('campaign', 'respond')
  @Shows(ResponseView, 201)
  recordCampaignResponse(
    @UuidParam('id') id: string,
    @Body() body: RecordResponse,
    @CurrentUser() by: Principal,
  ): Promise<Response> {
    return this.responses.record(id, body, by);
  }
}
