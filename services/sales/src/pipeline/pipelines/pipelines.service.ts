import { Injectable } from '@nestjs/common';
import { Not } from 'typeorm';
import {
  bool,
  Database,
  defineList,
  find,
  lock,
  page,
  rows,
  save,
  text,
  type Page,
  type ParsedList,
} from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';
import { Pipeline } from './pipeline.entity.js';
import type { CreatePipeline, UpdatePipeline } from './pipelines.dto.js';
import type { Stage } from './stage.js';

export type { OpportunityFacts } from './stage.js';

export const pipelineUnknown = defineProblem('unprocessable', 'pipeline_unknown', {
  en: 'There is no active pipeline {id}.',
  vi: 'Không có quy trình đang dùng nào mã {id}.',
});
export const stageInUse = defineProblem('conflict', 'stage_in_use', {
  en: '{count} open opportunities stand in stage {stage}; move them first.',
  vi: 'Còn {count} cơ hội ở giai đoạn {stage}; hãy chuyển chúng trước.',
});

export const pipelines = defineList({
  entity: Pipeline,
  fields: { code: text(), name: text(), active: bool(), isDefault: bool() },
  sort: ['code', 'name'],
  defaultSort: 'code',
});

/** Sales processes as data. */
@Injectable()
export class PipelinesService {
  constructor(private readonly database: Database) {}

  list(query: ParsedList): Promise<Page<Pipeline>> {
    return this.database.read((tx) => page(tx, pipelines, query));
  }

  get(id: string): Promise<Pipeline> {
    return this.database.read((tx) => find(tx, Pipeline, id));
  }

  create({ code, name, stages }: CreatePipeline): Promise<Pipeline> {
    return this.database.transaction((tx) => save(tx, Pipeline.create(code, name, stages)));
  }

  /** @throws Problem pipeline_unsound, stage_in_use, default_pipeline_stays */
  update(id: string, version: number, body: UpdatePipeline): Promise<Pipeline> {
    return this.database.transaction(async (tx) => {
      const pipeline = await lock(tx, Pipeline, id, version);
      if (body.stages) {
        await this.mustNotStrand(tx, pipeline, body.stages);
        pipeline.redraw(body.stages);
      }
      pipeline.name = body.name ?? pipeline.name;
      pipeline.activate(body.active ?? pipeline.active, body.isDefault ?? pipeline.isDefault);
      if (body.isDefault) await tx.update(Pipeline, { isDefault: true, id: Not(id) }, { isDefault: false });
      return save(tx, pipeline);
    });
  }

  /** The named pipeline, or the default one. @throws Problem pipeline_unknown */
  async forNew(tx: Transaction, id?: string): Promise<Pipeline> {
    const pipeline = await tx.findOneBy(Pipeline, id ? { id, active: true } : { isDefault: true });
    if (!pipeline) throw pipelineUnknown({ id: id ?? 'default' });
    return pipeline;
  }

  /** The pipeline that an opportunity is in. */
  of(tx: Transaction, id: string): Promise<Pipeline> {
    return tx.findOneByOrFail(Pipeline, { id });
  }

  /** Counted over all branches: a stage that others still use must not vanish under them. */
  private async mustNotStrand(tx: Transaction, pipeline: Pipeline, stages: readonly Stage[]): Promise<void> {
    const kept = stages.filter((stage) => stage.kind === 'open').map((stage) => stage.code);
    const gone = pipeline.stages.map((stage) => stage.code).filter((code) => !kept.includes(code));
    if (!gone.length) return;
    const [stranded] = await this.database.elevated(() =>
      rows<{ stage: string; count: number }>(
        tx,
        `select stage, count(*)::int as count from opportunity where pipeline_id = $1 and status = 'open' and stage = any($2::text[]) group by stage limit 1`,
        [pipeline.id, gone],
      ),
    );
    if (stranded) throw stageInUse({ stage: stranded.stage, count: stranded.count });
  }
}
