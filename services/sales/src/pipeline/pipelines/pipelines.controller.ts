import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import { CreatePipeline, PipelineView, UpdatePipeline } from './pipelines.dto.js';
import { pipelines, PipelinesService } from './pipelines.service.js';

@ApiTags('pipelines')
@Controller('pipelines')
export class PipelinesController {
  constructor(private readonly service: PipelinesService) {}

  /** Adds a sales process. */
  @Post()
  @Allow('pipeline', 'create')
  @ApiCreatedResponse({ type: PipelineView })
  async createPipeline(@Body() body: CreatePipeline): Promise<PipelineView> {
    return PipelineView.of(await this.service.create(body));
  }

  /** Lists sales processes. */
  @Get()
  @Allow('pipeline', 'read')
  @ApiList(pipelines, PipelineView)
  async listPipelines(@List(pipelines) query: ParsedList): Promise<Page<PipelineView>> {
    const found = await this.service.list(query);
    return { ...found, data: found.data.map((pipeline) => PipelineView.of(pipeline)) };
  }

  /** Shows a sales process with its stages, what each demands, and the moves between them. */
  @Get(':id')
  @Allow('pipeline', 'read')
  @ApiOkResponse({ type: PipelineView })
  async getPipeline(@UuidParam('id') id: string): Promise<PipelineView> {
    return PipelineView.of(await this.service.get(id));
  }

  /** Changes a sales process; a stage in which open opportunities stand cannot be taken out. */
  @Patch(':id')
  @Allow('pipeline', 'update')
  @ApiOkResponse({ type: PipelineView })
  async updatePipeline(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdatePipeline,
  ): Promise<PipelineView> {
    return PipelineView.of(await this.service.update(id, version, body));
  }
}
