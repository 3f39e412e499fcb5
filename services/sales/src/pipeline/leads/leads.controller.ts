import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
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
  async listLeads(@List(leads) query: ParsedList): Promise<Page<LeadView>> {
    const found = await this.service.list(query);
    return { ...found, data: found.data.map((lead) => LeadView.of(lead)) };
  }

  /** Shows a lead with marketing's reasons for the route. */
  @Get(':id')
  @Allow('lead', 'read')
  @ApiOkResponse({ type: LeadView })
  async getLead(@UuidParam('id') id: string): Promise<LeadView> {
    return LeadView.of(await this.service.get(id));
  }

  /** Takes the lead on; it is the caller's from now on. */
  @Post(':id/accept')
  @HttpCode(200)
  @Allow('lead', 'accept')
  @ApiOkResponse({ type: LeadView })
  async acceptLead(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @CurrentUser() caller: Principal,
  ): Promise<LeadView> {
    return LeadView.of(await this.service.accept(id, version, caller));
  }

  /** Gives the lead back with a reason, so that marketing routes it elsewhere. */
  @Post(':id/decline')
  @HttpCode(200)
  @Allow('lead', 'decline')
  @ApiOkResponse({ type: LeadView })
  async declineLead(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: DeclineLead,
    @CurrentUser() caller: Principal,
  ): Promise<LeadView> {
    return LeadView.of(await this.service.decline(id, version, body.reason, caller));
  }

  /** Gives a lead to another seller of its branch. */
  @Post(':id/assign')
  @HttpCode(200)
  @Allow('lead', 'assign')
  @ApiOkResponse({ type: LeadView })
  async assignLead(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: AssignLead,
  ): Promise<LeadView> {
    return LeadView.of(await this.service.assign(id, version, body));
  }

  /** Logs an attempt to get in touch. */
  @Post(':id/approaches')
  @Allow('lead', 'approach')
  @ApiCreatedResponse({ type: ApproachView })
  async logApproach(
    @UuidParam('id') id: string,
    @Body() body: LogApproach,
    @CurrentUser() caller: Principal,
  ): Promise<ApproachView> {
    return ApproachView.of(await this.service.approach(id, body, caller));
  }

  /** Lists the attempts to get in touch, the latest first. */
  @Get(':id/approaches')
  @Allow('lead', 'read')
  @ApiOkResponse({ type: ApproachList })
  async listApproaches(@UuidParam('id') id: string): Promise<ApproachList> {
    return { data: (await this.service.approaches(id)).map((each) => ApproachView.of(each)) };
  }

  /** Opens an opportunity from an accepted lead; the answer's `opportunityId` names it. */
  @Post(':id/convert')
  @HttpCode(200)
  @Allow('lead', 'convert')
  @ApiOkResponse({ type: LeadView })
  async convertLead(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ConvertLead,
    @CurrentUser() caller: Principal,
  ): Promise<LeadView> {
    return LeadView.of(await this.service.convert(id, version, body, caller));
  }
}
