import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  IfMatch,
  List,
  Shows,
  ShowsEach,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import type { Campaign } from './campaign.entity.js';
import {
  CampaignView,
  ChangeCampaign,
  CreateCampaign,
  ExpenseView,
  MessagePreview,
  PreviewCampaign,
  RecordExpense,
  TestSendCampaign,
} from './campaigns.dto.js';
import { campaignList, CampaignsService } from './campaigns.service.js';

@ApiTags('campaigns')
@Controller('campaigns')
export class CampaignsController {
  constructor(private readonly campaigns: CampaignsService) {}

  /** Campaigns that the caller may see. */
  @Get()
  @Allow('campaign', 'read')
  @ApiList(campaignList, CampaignView)
  listCampaigns(@List(campaignList) query: ParsedList): Promise<Page<Campaign>> {
    return this.campaigns.list(query);
  }

  /** Drafts a campaign; a template that cannot be rendered is refused. */
  @Post()
  @Allow('campaign', 'create')
  @Shows(CampaignView, 201)
  createCampaign(@Body() body: CreateCampaign, @CurrentUser() by: Principal): Promise<Campaign> {
    return this.campaigns.create(body, by);
  }

  @Get(':id')
  @Allow('campaign', 'read')
  @Shows(CampaignView)
  getCampaign(@UuidParam('id') id: string): Promise<Campaign> {
    return this.campaigns.get(id);
  }

  /** Changes a draft; of a running campaign only name, description, last day, budget and landing page. */
  @Patch(':id')
  @Allow('campaign', 'update')
  @Shows(CampaignView)
  changeCampaign(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ChangeCampaign,
  ): Promise<Campaign> {
    return this.campaigns.change(id, version, body);
  }

  /**
   * The message as a customer would get it; a template that cannot be filled for this customer, or takes too long, is
   * refused.
   */
  @Post(':id/preview')
  @HttpCode(200)
  @Allow('campaign', 'read')
  @Shows(MessagePreview)
  previewCampaign(@UuidParam('id') id: string, @Body() body: PreviewCampaign): Promise<ShownAs<MessagePreview>> {
    return this.campaigns.preview(id, body.customerId);
  }

  /**
   * Sends the message, filled with a customer's data, to a member of staff or a domain that is set for it; 20 an hour
   * for each person.
   */
  @Post(':id/test-send')
  @HttpCode(200)
  @Allow('campaign', 'update')
  @Shows(MessagePreview)
  testSendCampaign(
    @UuidParam('id') id: string,
    @Body() body: TestSendCampaign,
    @CurrentUser() by: Principal,
  ): Promise<ShownAs<MessagePreview>> {
    return this.campaigns.testSend(id, body, by);
  }

  /** Launches a draft: one message for each member of the segment; each meets the send gate when its turn comes. */
  @Post(':id/launch')
  @HttpCode(200)
  @Allow('campaign', 'launch')
  @Shows(CampaignView)
  launchCampaign(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Campaign> {
    return this.campaigns.launch(id, version);
  }

  /** Holds back what has not been sent. */
  @Post(':id/pause')
  @HttpCode(200)
  @Allow('campaign', 'launch')
  @Shows(CampaignView)
  pauseCampaign(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Campaign> {
    return this.campaigns.pause(id, version);
  }

  /** Goes on with a campaign that was held back. */
  @Post(':id/resume')
  @HttpCode(200)
  @Allow('campaign', 'launch')
  @Shows(CampaignView)
  resumeCampaign(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Campaign> {
    return this.campaigns.resume(id, version);
  }

  /** Ends a campaign; what has not been sent is refused, what was committed and not spent is free again. */
  @Post(':id/end')
  @HttpCode(200)
  @Allow('campaign', 'launch')
  @Shows(CampaignView)
  endCampaign(@UuidParam('id') id: string, @IfMatch() version: number): Promise<Campaign> {
    return this.campaigns.end(id, version);
  }

  /** Costs that no message carries. */
  @Get(':id/expenses')
  @Allow('campaign', 'read')
  @ShowsEach(ExpenseView)
  listCampaignExpenses(@UuidParam('id') id: string): Promise<ShownAs<ExpenseView>[]> {
    return this.campaigns.expenses(id);
  }

  /** Books a cost that no message carries, such as a hall or print; it counts as spent. */
  @Post(':id/expenses')
  @Allow('campaign', 'spend')
  @Shows(ExpenseView, 201)
  recordCampaignExpense(
    @UuidParam('id') id: string,
    @Body() body: RecordExpense,
    @CurrentUser() by: Principal,
  ): Promise<ShownAs<ExpenseView>> {
    return this.campaigns.recordExpense(id, body, by);
  }
}
