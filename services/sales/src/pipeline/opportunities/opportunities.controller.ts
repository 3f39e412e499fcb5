import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiList,
  CurrentUser,
  IfMatch,
  List,
  Shows,
  UuidParam,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
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
import type { OpportunityContact } from './opportunity-parts.entity.js';
import { OpportunityPartsService } from './opportunity-parts.service.js';
import type { Opportunity } from './opportunity.entity.js';

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
  @Shows(OpportunityView, 201)
  createOpportunity(@Body() body: CreateOpportunity, @CurrentUser() caller: Principal): Promise<Opportunity> {
    return this.service.create(body, caller);
  }

  /** Lists opportunities. */
  @Get()
  @Allow('opportunity', 'read')
  @ApiList(opportunities, OpportunityView)
  listOpportunities(@List(opportunities) query: ParsedList): Promise<Page<Opportunity>> {
    return this.service.list(query);
  }

  /** Shows an opportunity with product lines, contacts and the time in each stage. */
  @Get(':id')
  @Allow('opportunity', 'read')
  @Shows(OpportunityDetail)
  getOpportunity(@UuidParam('id') id: string): Promise<ShownAs<OpportunityDetail>> {
    return this.parts.detail(id);
  }

  /** Changes an open opportunity. */
  @Patch(':id')
  @Allow('opportunity', 'update')
  @Shows(OpportunityView)
  updateOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateOpportunity,
  ): Promise<Opportunity> {
    return this.service.update(id, version, body);
  }

  /** Moves an opportunity to another stage; 422 names everything that the stage demands and is missing. */
  @Post(':id/move')
  @HttpCode(200)
  @Allow('opportunity', 'move')
  @Shows(OpportunityView)
  moveOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: MoveOpportunity,
    @CurrentUser() caller: Principal,
  ): Promise<Opportunity> {
    return this.service.move(id, version, body.stage, caller);
  }

  /** Closes an opportunity as won. */
  @Post(':id/win')
  @HttpCode(200)
  @Allow('opportunity', 'win')
  @Shows(OpportunityView)
  winOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: WinOpportunity,
    @CurrentUser() caller: Principal,
  ): Promise<Opportunity> {
    return this.service.win(id, version, body.reason, caller);
  }

  /** Closes an opportunity as lost, with the reason. */
  @Post(':id/lose')
  @HttpCode(200)
  @Allow('opportunity', 'lose')
  @Shows(OpportunityView)
  loseOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: LoseOpportunity,
    @CurrentUser() caller: Principal,
  ): Promise<Opportunity> {
    return this.service.lose(id, version, body.reason, caller);
  }

  /** Takes a lost opportunity up again, in the stage in which it was lost, with the reason. */
  @Post(':id/reopen')
  @HttpCode(200)
  @Allow('opportunity', 'reopen')
  @Shows(OpportunityView)
  reopenOpportunity(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReopenOpportunity,
    @CurrentUser() caller: Principal,
  ): Promise<Opportunity> {
    return this.service.reopen(id, version, body.reason, caller);
  }

  /** Replaces the product lines; prices that are left out come from the price books, and the sum becomes the amount. */
  @Put(':id/lines')
  @Allow('opportunity', 'update')
  @Shows(OpportunityDetail)
  replaceOpportunityLines(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReplaceOpportunityLines,
  ): Promise<ShownAs<OpportunityDetail>> {
    return this.parts.replaceLines(id, version, body.lines);
  }

  /** Adds somebody on the customer's side, with the part played in the decision. */
  @Post(':id/contacts')
  @Allow('opportunity', 'update')
  @Shows(ContactView, 201)
  addContact(@UuidParam('id') id: string, @Body() body: AddContact): Promise<OpportunityContact> {
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
