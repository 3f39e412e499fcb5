import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
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
import {
  AddContact,
  ContactView,
  CreateOpportunity,
  LoseOpportunity,
  MoveOpportunity,
  OpportunityDetail,
  OpportunityView,
  ReopenOpportunity,
  ReplaceOpportunityLines,
  UpdateOpportunity,
  WinOpportunity,
} from './opportunities.dto.js';
import { opportunities, OpportunitiesService } from './opportunities.service.js';
import { OpportunityPartsService } from './opportunity-parts.service.js';

@ApiTags('opportunities')
@Controller('opportunities')
export class OpportunitiesController {
  constructor(
    private readonly service: OpportunitiesService,
    private readonly parts: OpportunityPartsService,
  ) {}

  /** Opens an opportunity that no lead led to. */
  @Post()
  @Allow('opportunity', 'create')
  @ApiCreatedResponse({ type: OpportunityView })
  async createOpportunity(@Body() body: CreateOpportunity, @CurrentUser() caller: Principal): Promise<OpportunityView> {
    return OpportunityView.of(await this.service.create(body, caller));
  }

  /** Lists opportunities. */
  @Get()
  @Allow('opportunity', 'read')
  @ApiList(opportunities, OpportunityView)
  async listOpportunities(@List(opportunities) query: ParsedList): Promise<Page<OpportunityView>> {
    const found = await this.service.list(query);
    return { ...found, data: found.data.map((opportunity) => OpportunityView.of(opportunity)) };
  }

  /** Shows an opportunity with product lines, contacts and the time in each stage. */
  @Get(':id')
  @Allow('opportunity', 'read')
  @ApiOkResponse({ type: OpportunityDetail })
  getOpportunity(@UuidParam('id') id: string): Promise<OpportunityDetail> {
    return this.parts.detail(id);
  }

  /** Changes an open opportunity. */
  @Patch(':id')
  @Allow('opportunity', 'update')
  @ApiOkResponse({ type: OpportunityView })
  async updateOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateOpportunity,
  ): Promise<OpportunityView> {
    return OpportunityView.of(await this.service.update(id, version, body));
  }

  /** Moves an opportunity to another stage; 422 names everything that the stage demands and is missing. */
  @Post(':id/move')
  @HttpCode(200)
  @Allow('opportunity', 'move')
  @ApiOkResponse({ type: OpportunityView })
  async moveOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: MoveOpportunity,
    @CurrentUser() caller: Principal,
  ): Promise<OpportunityView> {
    return OpportunityView.of(await this.service.move(id, version, body.stage, caller));
  }

  /** Closes an opportunity as won. */
  @Post(':id/win')
  @HttpCode(200)
  @Allow('opportunity', 'win')
  @ApiOkResponse({ type: OpportunityView })
  async winOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: WinOpportunity,
    @CurrentUser() caller: Principal,
  ): Promise<OpportunityView> {
    return OpportunityView.of(await this.service.win(id, version, body.reason, caller));
  }

  /** Closes an opportunity as lost, with the reason. */
  @Post(':id/lose')
  @HttpCode(200)
  @Allow('opportunity', 'lose')
  @ApiOkResponse({ type: OpportunityView })
  async loseOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: LoseOpportunity,
    @CurrentUser() caller: Principal,
  ): Promise<OpportunityView> {
    return OpportunityView.of(await this.service.lose(id, version, body.reason, caller));
  }

  /** Takes a lost opportunity up again, in the stage in which it was lost, with the reason. */
  @Post(':id/reopen')
  @HttpCode(200)
  @Allow('opportunity', 'reopen')
  @ApiOkResponse({ type: OpportunityView })
  async reopenOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReopenOpportunity,
    @CurrentUser() caller: Principal,
  ): Promise<OpportunityView> {
    return OpportunityView.of(await this.service.reopen(id, version, body.reason, caller));
  }

  /** Replaces the product lines; prices that are left out come from the price books, and the sum becomes the amount. */
  @Put(':id/lines')
  @Allow('opportunity', 'update')
  @ApiOkResponse({ type: OpportunityDetail })
  replaceOpportunityLines(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReplaceOpportunityLines,
  ): Promise<OpportunityDetail> {
    return this.parts.replaceLines(id, version, body.lines);
  }

  /** Adds somebody on the customer's side, with the part played in the decision. */
  @Post(':id/contacts')
  @Allow('opportunity', 'update')
  @ApiCreatedResponse({ type: ContactView })
  addContact(@UuidParam('id') id: string, @Body() body: AddContact): Promise<ContactView> {
    return this.parts.addContact(id, body);
  }

  /** Takes a contact off the opportunity. */
  @Delete(':id/contacts/:contactId')
  @HttpCode(204)
  @Allow('opportunity', 'update')
  @ApiNoContentResponse()
  removeContact(@UuidParam('id') id: string, @UuidParam('contactId') contactId: string): Promise<void> {
    return this.parts.removeContact(id, contactId);
  }
}
