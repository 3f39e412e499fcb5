import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, IfMatch, UuidParam } from '@quen/chassis';
import { CreateSlaPolicy, SlaPolicyView, UpdateSlaPolicy } from './sla-policies.dto.js';
import { SlaPoliciesService } from './sla-policies.service.js';

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
  async listSlaPolicies(): Promise<SlaPolicyView[]> {
    return (await this.policies.list()).map((each) => SlaPolicyView.of(each));
  }

  /**
   * One service level agreement
   * @remarks Its targets by severity and the calendar that they are counted by.
   */
  @Get(':id')
  @Allow('sla-policy', 'read')
  async getSlaPolicy(@UuidParam('id') id: string): Promise<SlaPolicyView> {
    return SlaPolicyView.of(await this.policies.get(id));
  }

  /**
   * Add a service level agreement
   * @remarks Cases may then be opened under it.
   */
  @Post()
  @Allow('sla-policy', 'create')
  async createSlaPolicy(@Body() body: CreateSlaPolicy): Promise<SlaPolicyView> {
    return SlaPolicyView.of(await this.policies.create(body));
  }

  /**
   * Change a service level agreement
   * @remarks The deadlines of open cases under it are worked out anew.
   */
  @Patch(':id')
  @Allow('sla-policy', 'update')
  async updateSlaPolicy(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateSlaPolicy,
  ): Promise<SlaPolicyView> {
    return SlaPolicyView.of(await this.policies.update(id, version, body));
  }
}
