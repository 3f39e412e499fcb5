import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import type { Moment } from '@quen/chassis';
import { defineProblem, newId, type ProblemDetail } from '@quen/messaging';
import { guardFields, obstaclesTo, type OpportunityFacts, type Stage, type StageKind } from './stage.js';

export const pipelineUnsound = defineProblem('unprocessable', 'pipeline_unsound', {
  en: 'The stages do not make a pipeline: see errors.',
  vi: 'Các giai đoạn không tạo thành quy trình: xem errors.',
});
export const moveNotAllowed = defineProblem('unprocessable', 'move_not_allowed', {
  en: 'From {from} an opportunity may move to {allowed}, not to {to}.',
  vi: 'Từ {from} chỉ được chuyển sang {allowed}, không được sang {to}.',
});
export const stageUnknown = defineProblem('unprocessable', 'stage_unknown', {
  en: 'The pipeline has no stage {stage}; it has {known}.',
  vi: 'Quy trình không có giai đoạn {stage}; chỉ có {known}.',
});
export const stageNotReady = defineProblem('unprocessable', 'stage_not_ready', {
  en: 'The opportunity may not enter {stage} yet: see errors for what is missing.',
  vi: 'Chưa thể vào giai đoạn {stage}: xem errors để biết còn thiếu gì.',
});
export const defaultPipelineStays = defineProblem('conflict', 'default_pipeline_stays', {
  en: 'The default pipeline stays active; make another one the default first.',
  vi: 'Quy trình mặc định phải đang dùng; hãy đặt quy trình khác làm mặc định trước.',
});

/** A firm's sales process: stages, what each demands, and the moves between them, all of it data. */
@Entity('pipeline')
export class Pipeline {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'boolean' }) isDefault!: boolean;
  @Column({ type: 'boolean' }) active!: boolean;
  @Column({ type: 'jsonb' }) stages!: Stage[];
  @VersionColumn() version!: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

  static create(code: string, name: string, stages: Stage[]): Pipeline {
    const pipeline = Object.assign(new Pipeline(), {
      id: newId(),
      code: code.trim(),
      name,
      isDefault: false,
      active: true,
    });
    pipeline.redraw(stages);
    return pipeline;
  }

  /**
   * Replaces the stages. @throws Problem pipeline_unsound naming every fault; validation_failed for a guard's rule that
   * cannot be read
   */
  redraw(stages: Stage[]): void {
    stages.forEach((stage, index) =>
      stage.guards.forEach((guard, place) => guardFields.parse(guard.rule, `/stages/${index}/guards/${place}/rule`)),
    );
    const faults = faultsOf(stages);
    if (faults.length) throw pipelineUnsound({}, faults);
    this.stages = stages;
  }

  /** Takes the pipeline in or out of use, or makes it the default. @throws Problem default_pipeline_stays */
  activate(active: boolean, isDefault: boolean): void {
    if (isDefault && !active) throw defaultPipelineStays();
    this.active = active;
    this.isDefault = isDefault;
  }

  /** Where every opportunity begins. */
  first(): Stage {
    return this.only((stage) => stage.kind === 'open');
  }

  /** The stage that closes an opportunity as won or lost. */
  closing(kind: Exclude<StageKind, 'open'>): Stage {
    return this.only((stage) => stage.kind === kind);
  }

  /** @throws Problem stage_unknown */
  stage(code: string): Stage {
    const stage = this.stages.find((each) => each.code === code);
    if (!stage) throw stageUnknown({ stage: code, known: this.stages.map((each) => each.code).join(', ') });
    return stage;
  }

  /**
   * Checks a move that is made now. @throws Problem stage_unknown, move_not_allowed, or stage_not_ready naming all that
   * is missing
   */
  admit(from: string, to: string, facts: OpportunityFacts, now: Moment): Stage {
    const target = this.stage(to);
    const { moves } = this.stage(from);
    if (!moves.includes(to)) throw moveNotAllowed({ from, to, allowed: moves.join(', ') || '–' });
    const obstacles = obstaclesTo(target, facts, now);
    if (obstacles.length) throw stageNotReady({ stage: to }, obstacles);
    return target;
  }

  private only(fits: (stage: Stage) => boolean): Stage {
    const stage = this.stages.find(fits);
    if (!stage) throw new Error(`Pipeline ${this.code} has lost a stage that every pipeline has`);
    return stage;
  }
}

function faultsOf(stages: Stage[]): ProblemDetail[] {
  const faults: ProblemDetail[] = [];
  const codes = stages.map((stage) => stage.code);
  const closing = (kind: StageKind): number => stages.filter((stage) => stage.kind === kind).length;
  if (!closing('open'))
    faults.push({
      pointer: '/stages',
      code: 'no_open_stage',
      message: 'needs at least one open stage, the first of which is the beginning',
      vi: 'cần ít nhất một giai đoạn mở, giai đoạn mở đầu tiên là nơi bắt đầu',
    });
  for (const kind of ['won', 'lost'] as const) {
    if (closing(kind) !== 1)
      faults.push({
        pointer: '/stages',
        code: `one_${kind}_stage`,
        message: `needs exactly one stage of kind ${kind}`,
      });
  }
  stages.forEach((stage, index) => {
    if (codes.indexOf(stage.code) !== index)
      faults.push({
        pointer: `/stages/${index}/code`,
        code: 'duplicate',
        message: `${stage.code} is there twice`,
        vi: `${stage.code} xuất hiện hai lần`,
      });
    if (stage.kind !== 'open' && stage.moves.length)
      faults.push({
        pointer: `/stages/${index}/moves`,
        code: 'closed',
        message: `nothing moves on from ${stage.code}`,
        vi: `không chuyển tiếp được từ ${stage.code}`,
      });
    stage.moves.forEach((move, place) => {
      if (!codes.includes(move) || move === stage.code)
        faults.push({
          pointer: `/stages/${index}/moves/${place}`,
          code: 'unknown_stage',
          message: `must be another stage of this pipeline`,
          vi: `phải là giai đoạn khác của quy trình này`,
        });
    });
  });
  return faults;
}
