import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  List,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
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
  async listCampaignResponses(
    @UuidParam('id') id: string,
    @List(responseList) query: ParsedList,
  ): Promise<Page<ResponseView>> {
    const found = await this.responses.list(id, query);
    return { ...found, data: found.data.map(ResponseView.of) };
  }

  /** Notes an answer that came by other ways than the link; it becomes a lead, which is scored and routed at once. */
  @Post()
  @Allow('campaign', 'respond')
  async recordCampaignResponse(
    @UuidParam('id') id: string,
    @Body() body: RecordResponse,
    @CurrentUser() by: Principal,
  ): Promise<ResponseView> {
    return ResponseView.of(await this.responses.record(id, body, by));
  }
}
