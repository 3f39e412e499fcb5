import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
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
import type { LeadApproach } from './lead-approach.entity.js';
import type { Lead } from './lead.entity.js';
import {
  ApproachList,
  ApproachView,
  AssignLead,
  ConvertLead,
  DeclineLead,
  LeadView,
  LogApproach,
} from './leads.dto.js';
import { leads, LeadsService } from './leads.service.js';

@ApiTags('leads')
@Controller('leads')
export class LeadsController {
  constructor(private readonly service: LeadsService) {}

  /** Lists the leads that were routed to sales. */
  @Get()
  @Allow('lead', 'read')
  @ApiList(leads, LeadView)
  listLeads(@List(leads) query: ParsedList): Promise<Page<Lead>> {
    return this.service.list(query);
  }

  /** Shows a lead with marketing's reasons for the route. */
  @Get(':id')
  @Allow('lead', 'read')
  @Shows(LeadView)
  getLead(@UuidParam('id') id: string): Promise<Lead> {
    return this.service.get(id);
  }

  /** Takes the lead on; it is the caller's from now on. */
  @Post(':id/accept')
  @HttpCode(200)
  @Allow('lead', 'accept')
  @Shows(LeadView)
  acceptLead(@UuidParam('id') id: string, @IfMatch() version: number, @CurrentUser() caller: Principal): Promise<Lead> {
    return this.service.accept(id, version, caller);
  }

  /** Gives the lead back with a reason, so that marketing routes it elsewhere. */
  @Post(':id/decline')
  @HttpCode(200)
  @Allow('lead', 'decline')
  @Shows(LeadView)
  declineLead(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: DeclineLead,
    @CurrentUser() caller: Principal,
  ): Promise<Lead> {
    return this.service.decline(id, version, body.reason, caller);
  }

  /** Gives a lead to another seller of its branch. */
  @Post(':id/assign')
  @HttpCode(200)
  @Allow('lead', 'assign')
  @Shows(LeadView)
  assignLead(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: AssignLead): Promise<Lead> {
    return this.service.assign(id, version, body);
  }

  /** Logs an attempt to get in touch. */
  @Post(':id/approaches')
  @Allow('lead', 'approach')
  @Shows(ApproachView, 201)
  logApproach(
    @UuidParam('id') id: string,
    @Body() body: LogApproach,
    @CurrentUser() caller: Principal,
  ): Promise<LeadApproach> {
    return this.service.approach(id, body, caller);
  }

  /** Lists the attempts to get in touch, the latest first. */
  @Get(':id/approaches')
  @Allow('lead', 'read')
  @Shows(ApproachList)
  async listApproaches(@UuidParam('id') id: string): Promise<ShownAs<ApproachList>> {
    return { data: await this.service.approaches(id) };
  }

  /** Opens an opportunity from an accepted lead; the answer's `opportunityId` names it. */
  @Post(':id/convert')
  @HttpCode(200)
  @Allow('lead', 'convert')
  @Shows(LeadView)
  convertLead(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ConvertLead,
    @CurrentUser() caller: Principal,
  ): Promise<Lead> {
    return this.service.convert(id, version, body, caller);
  }
}
