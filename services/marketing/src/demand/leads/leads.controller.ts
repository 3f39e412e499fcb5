import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, List, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import { CaptureLead, LeadView } from './leads.dto.js';
import { leadList, LeadsService } from './leads.service.js';

@ApiTags('leads')
@Controller('leads')
export class LeadsController {
  constructor(private readonly leads: LeadsService) {}

  /** Leads that the caller may see, each with its score, the channels that it was with, and the reasons. */
  @Get()
  @Allow('lead', 'read')
  @ApiList(leadList, LeadView)
  async listLeads(@List(leadList) query: ParsedList): Promise<Page<LeadView>> {
    const found = await this.leads.list(query);
    return { ...found, data: found.data.map(({ lead, routes }) => LeadView.of(lead, routes)) };
  }

  /** Captures a lead, scores it and routes it to the channel that is expected to earn most from it. */
  @Post()
  @Allow('lead', 'create')
  async captureLead(@Body() body: CaptureLead): Promise<LeadView> {
    const { lead, routes } = await this.leads.capture(body);
    return LeadView.of(lead, routes);
  }

  @Get(':id')
  @Allow('lead', 'read')
  async getLead(@UuidParam('id') id: string): Promise<LeadView> {
    const { lead, routes } = await this.leads.get(id);
    return LeadView.of(lead, routes);
  }
}
