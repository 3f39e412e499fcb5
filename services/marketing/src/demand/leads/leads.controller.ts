import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, List, Shows, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import { CaptureLead, LeadView } from './leads.dto.js';
import { leadList, LeadsService, type LeadWithRoutes } from './leads.service.js';

@ApiTags('leads')
@Controller('leads')
export class LeadsController {
  constructor(private readonly leads: LeadsService) {}

  /** Leads that the caller may see, each with its score, the channels that it was with, and the reasons. */
  @Get()
  @Allow('lead', 'read')
  @ApiList(leadList, LeadView)
  listLeads(@List(leadList) query: ParsedList): Promise<Page<LeadWithRoutes>> {
    return this.leads.list(query);
  }

  /** Captures a lead, scores it and routes it to the channel that is expected to earn most from it. */
  @Post()
  @Allow('lead', 'create')
  @Shows(LeadView, 201)
  captureLead(@Body() body: CaptureLead): Promise<LeadWithRoutes> {
    return this.leads.capture(body);
  }

  @Get(':id')
  @Allow('lead', 'read')
  @Shows(LeadView)
  getLead(@UuidParam('id') id: string): Promise<LeadWithRoutes> {
    return this.leads.get(id);
  }
}
