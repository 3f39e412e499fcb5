import { Body, Controller, Get, Injectable, Param, Post, Put, type PipeTransform } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiJob,
  ApiList,
  invalid,
  Job,
  List,
  Shows,
  type Page,
  type ParsedList,
  type ShownAs,
} from '@quen/chassis';
import { ModelAdministrationService, models } from './model-administration.service.js';
import { FitModel, ModelView, RankPolicy } from './models.dto.js';

/** A version as a number that the column takes. */
@Injectable()
class VersionPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const version = /^[1-9]\d{0,9}$/.test(value) ? Number(value) : NaN;
    if (version <= 2_147_483_647) return version;
    throw invalid({ pointer: '/version', code: 'wrong_value', message: 'must be the version of a model' });
  }
}

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
  @Shows(ModelView)
  getModel(): Promise<ShownAs<ModelView>> {
    return this.models.current();
  }

  /**
   * Every model so far
   * @remarks The newest first. An insight names the version that it was calculated with.
   */
  @Get('models')
  @Allow('model', 'read')
  @ApiList(models, ModelView)
  listModels(@List(models) query: ParsedList): Promise<Page<ModelView>> {
    return this.models.list(query);
  }

  /**
   * One model
   * @remarks Its parameters and what they were fitted to, as they were when it was in use.
   */
  @Get('models/:version')
  @Allow('model', 'read')
  @ApiParam({ name: 'version', schema: { type: 'integer', minimum: 1, maximum: 2_147_483_647 } })
  @Shows(ModelView)
  getModelVersion(@Param('version', VersionPipe) version: number): Promise<ShownAs<ModelView>> {
    return this.models.model(version);
  }

  /**
   * Fit a new model to the firm's own history
   * @remarks A job: fits by maximum likelihood, puts the model to use and calculates every customer anew. Fails when
   * fewer than 200 customers have bought.
   * This happens by itself each night on which purchases have come or gone, and as soon as 200 customers have bought.
   * With `asOf` the model knows nothing of later days;
   * insights and rankings as of that day use it, and those of today only until there is one that has seen more.
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
  @Shows(RankPolicy)
  getRankPolicy(): Promise<ShownAs<RankPolicy>> {
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
