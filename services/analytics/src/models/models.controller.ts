import { Body, Controller, Get, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiJob, Job } from '@quen/chassis';
import { FitModel, ModelView, RankPolicy } from './models.dto.js';
import { ModelAdministrationService } from './model-administration.service.js';

@ApiTags('models')
@Controller()
export class ModelsController {
  constructor(private readonly models: ModelAdministrationService) {}

  /**
   * The model of lifetime value in use
   * @remarks Its parameters, what they were fitted to, and the discount rate.
   */
  @Get('models/current')
  @Allow('model', 'read')
  getModel(): Promise<ModelView> {
    return this.models.current();
  }

  /**
   * Fit a new model to the firm's own history
   * @remarks A job: fits by maximum likelihood, puts the model to use and calculates every customer anew. Fails when fewer than 200 customers have bought.
   */
  @Post('models')
  @Allow('model', 'fit')
  @ApiJob()
  fitModel(@Body() body: FitModel): Promise<Job> {
    return this.models.fit(body);
  }

  /**
   * The policy of ranks
   * @remarks From which value on a customer has which rank; what counts is money received for goods that were kept.
   */
  @Get('rank-policy')
  @Allow('model', 'read')
  getRankPolicy(): Promise<RankPolicy> {
    return this.models.rankPolicy();
  }

  /**
   * Replace the policy of ranks
   * @remarks A job ranks every customer anew; only those whose rank changes are published.
   */
  @Put('rank-policy')
  @Allow('model', 'fit')
  @ApiJob()
  replaceRankPolicy(@Body() body: RankPolicy): Promise<Job> {
    return this.models.replaceRankPolicy(body);
  }
}
