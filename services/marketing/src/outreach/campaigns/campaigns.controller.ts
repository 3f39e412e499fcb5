import { Body, Controller, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  IfMatch,
  List,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import type { CampaignExpense } from './campaign-expense.entity.js';
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
  async listCampaigns(@List(campaignList) query: ParsedList): Promise<Page<CampaignView>> {
    const found = await this.campaigns.list(query);
    return { ...found, data: found.data.map(CampaignView.of) };
  }

  /** Drafts a campaign; a template that cannot be rendered is refused. */
  @Post()
  @Allow('campaign', 'create')
  async createCampaign(@Body() body: CreateCampaign, @CurrentUser() by: Principal): Promise<CampaignView> {
    return CampaignView.of(await this.campaigns.create(body, by));
  }

  @Get(':id')
  @Allow('campaign', 'read')
  async getCampaign(@UuidParam('id') id: string): Promise<CampaignView> {
    return CampaignView.of(await this.campaigns.get(id));
  }

  /** Changes a draft; of a running campaign only name, description, last day, budget and landing page. */
  @Patch(':id')
  @Allow('campaign', 'update')
  async changeCampaign(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ChangeCampaign,
  ): Promise<CampaignView> {
    return CampaignView.of(await this.campaigns.change(id, version, body));
  }

  /**
   * The message as a customer would get it; a template that cannot be filled for this customer, or takes too long, is
   * refused.
   */
  @Post(':id/preview')
  @HttpCode(200)
  @Allow('campaign', 'read')
  previewCampaign(@UuidParam('id') id: string, @Body() body: PreviewCampaign): Promise<MessagePreview> {
    return this.campaigns.preview(id, body.customerId);
  }

  /**
   * Sends the message, filled with a customer's data, to a member of staff or a domain that is set for it; 20 an hour
   * for each person.
   */
  @Post(':id/test-send')
  @HttpCode(200)
  @Allow('campaign', 'update')
  testSendCampaign(
    @UuidParam('id') id: string,
    @Body() body: TestSendCampaign,
    @CurrentUser() by: Principal,
  ): Promise<MessagePreview> {
    return this.campaigns.testSend(id, body, by);
  }

  /** Launches a draft: one message for each member of the segment; each meets the send gate when its turn comes. */
  @Post(':id/launch')
  @HttpCode(200)
  @Allow('campaign', 'launch')
  async launchCampaign(@UuidParam('id') id: string, @IfMatch() version: number): Promise<CampaignView> {
    return CampaignView.of(await this.campaigns.launch(id, version));
  }

  /** Holds back what has not been sent. */
  @Post(':id/pause')
  @HttpCode(200)
  @Allow('campaign', 'launch')
  async pauseCampaign(@UuidParam('id') id: string, @IfMatch() version: number): Promise<CampaignView> {
    return CampaignView.of(await this.campaigns.pause(id, version));
  }

  /** Goes on with a campaign that was held back. */
  @Post(':id/resume')
  @HttpCode(200)
  @Allow('campaign', 'launch')
  async resumeCampaign(@UuidParam('id') id: string, @IfMatch() version: number): Promise<CampaignView> {
    return CampaignView.of(await this.campaigns.resume(id, version));
  }

  /** Ends a campaign; what has not been sent is refused, what was committed and not spent is free again. */
  @Post(':id/end')
  @HttpCode(200)
  @Allow('campaign', 'launch')
  async endCampaign(@UuidParam('id') id: string, @IfMatch() version: number): Promise<CampaignView> {
    return CampaignView.of(await this.campaigns.end(id, version));
  }

  /** Costs that no message carries. */
  @Get(':id/expenses')
  @Allow('campaign', 'read')
  async listCampaignExpenses(@UuidParam('id') id: string): Promise<ExpenseView[]> {
    const { campaign, expenses } = await this.campaigns.expenses(id);
    return expenses.map((expense) => expenseView(campaign, expense));
  }

  /** Books a cost that no message carries, such as a hall or print; it counts as spent. */
  @Post(':id/expenses')
  @Allow('campaign', 'spend')
  async recordCampaignExpense(
    @UuidParam('id') id: string,
    @Body() body: RecordExpense,
    @CurrentUser() by: Principal,
  ): Promise<ExpenseView> {
    const expense = await this.campaigns.recordExpense(id, body, by);
    return expenseView(await this.campaigns.get(id), expense);
  }
}

function expenseView(
  campaign: Campaign,
  { id, description, amount, spentOn, createdAt }: CampaignExpense,
): ExpenseView {
  return { id, description, amount: campaign.money(amount), spentOn, createdAt: createdAt.toISOString() };
}
