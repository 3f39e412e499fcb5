import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, Shows, UuidParam, type ShownAs } from '@quen/chassis';
import { CampaignResults } from './results.dto.js';
import { ResultsService } from './results.service.js';

@ApiTags('campaigns')
@Controller('campaigns/:id/results')
export class ResultsController {
  constructor(private readonly results: ResultsService) {}

  /**
   * What the campaign did, cost and brought: sent, refused by reason, answers, leads, orders, revenue, returns, return
   * on cost.
   */
  @Get()
  @Allow('campaign', 'read')
  @Shows(CampaignResults)
  getCampaignResults(@UuidParam('id') id: string): Promise<ShownAs<CampaignResults>> {
    return this.results.of(id);
  }
}
