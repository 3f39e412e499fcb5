import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, IfMatch, Shows, ShowsEach, UuidParam } from '@quen/chassis';
import { CreateSlaPolicy, SlaPolicyView, UpdateSlaPolicy } from './sla-policies.dto.js';
import { SlaPoliciesService } from './sla-policies.service.js';
import type { SlaPolicy } from './sla-policy.entity.js';

@ApiTags('sla-policies')
@Controller('sla-policies')
export class SlaPoliciesController {
  constructor(private readonly policies: SlaPoliciesService) {}

  /**
   * Service level agreements
   * @remarks All of them; there are few.
   */
  @Get()
  @Allow('sla-policy', 'read')
  @ShowsEach(SlaPolicyView)
  listSlaPolicies(): Promise<SlaPolicy[]> {
    return this.policies.list();
  }

  /**
   * One service level agreement
   * @remarks Its targets by severity and the calendar that they are counted by.
   */
  @Get(':id')
  @Allow('sla-policy', 'read')
  @Shows(SlaPolicyView)
  getSlaPolicy(@UuidParam('id') id: string): Promise<SlaPolicy> {
    return this.policies.get(id);
  }

  /**
   * Add a service level agreement
   * @remarks Cases may then be opened under it.
   */
  @Post()
  @Allow('sla-policy', 'create')
  @Shows(SlaPolicyView, 201)
  createSlaPolicy(@Body() body: CreateSlaPolicy): Promise<SlaPolicy> {
    return this.policies.create(body);
  }

  /**
   * Change a service level agreement
   * @remarks The deadlines of open cases under it are worked out anew.
   */
  @Patch(':id')
  @Allow('sla-policy', 'update')
  @Shows(SlaPolicyView)
  updateSlaPolicy(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateSlaPolicy,
  ): Promise<SlaPolicy> {
    return this.policies.update(id, version, body);
  }
}
