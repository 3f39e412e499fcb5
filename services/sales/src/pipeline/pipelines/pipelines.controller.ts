import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, Shows, UuidParam, type Page, type ParsedList } from '@quen/chassis';
import type { Pipeline } from './pipeline.entity.js';
import { CreatePipeline, PipelineView, UpdatePipeline } from './pipelines.dto.js';
import { pipelines, PipelinesService } from './pipelines.service.js';

@ApiTags('pipelines')
@Controller('pipelines')
export class PipelinesController {
  constructor(private readonly service: PipelinesService) {}

  /** Adds a sales process. */
  @Post()
  @Allow('pipeline', 'create')
  @Shows(PipelineView, 201)
  createPipeline(@Body() body: CreatePipeline): Promise<Pipeline> {
    return this.service.create(body);
  }

  /** Lists sales processes. */
  @Get()
  @Allow('pipeline', 'read')
  @ApiList(pipelines, PipelineView)
  listPipelines(@List(pipelines) query: ParsedList): Promise<Page<Pipeline>> {
    return this.service.list(query);
  }

  /** Shows a sales process with its stages, what each demands, and the moves between them. */
  @Get(':id')
  @Allow('pipeline', 'read')
  @Shows(PipelineView)
  getPipeline(@UuidParam('id') id: string): Promise<Pipeline> {
    return this.service.get(id);
  }

  /** Changes a sales process; a stage in which open opportunities stand cannot be taken out. */
  @Patch(':id')
  @Allow('pipeline', 'update')
  @Shows(PipelineView)
  updatePipeline(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdatePipeline,
  ): Promise<Pipeline> {
    return this.service.update(id, version, body);
  }
}
