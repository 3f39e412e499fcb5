import { Column, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { isGroup, type Rule, type RuleGroup } from '@quen/chassis';
import { defineProblem, newId } from '@quen/messaging';

export const segmentKinds = ['rules', 'static'] as const;
export type SegmentKind = (typeof segmentKinds)[number];

export const segmentArchived = defineProblem('conflict', 'segment_archived', {
  en: 'Segment {name} is archived.',
  vi: 'Phân khúc {name} đã lưu trữ.',
});
export const segmentKindMismatch = defineProblem('unprocessable', 'segment_kind_mismatch', {
  en: 'Segment {name} is of kind {kind}: rules decide the members of one kind, a list those of the other.',
  vi: 'Phân khúc {name} thuộc loại {kind}: một loại do quy tắc quyết định, loại kia do danh sách.',
});

/** A group of customers: those whom a rule tree describes, or a list. */
@Entity('segment')
export class Segment {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  @Column({ type: 'text' }) name!: string;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column({ type: 'text' }) kind!: SegmentKind;
  @Column({ type: 'jsonb', nullable: true }) rule!: RuleGroup | null;
  /** True when the rule counts days from today, so that members change without any event. */
  @Column({ type: 'boolean' }) usesClock!: boolean;
  /** Only customers of this branch and those below it; null for the whole firm. */
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  @Column({ type: 'uuid' }) ownerId!: string;
  @Column({ type: 'boolean' }) active!: boolean;
  @Column({ type: 'date', nullable: true }) evaluatedOn!: string | null;
  @Column({ type: 'timestamptz', insert: false, update: false }) createdAt!: Date;
  @Column({ type: 'timestamptz' }) updatedAt!: Date;

  static create(
    fields: {
      name: string;
      description?: string | null;
      kind: SegmentKind;
      rule?: RuleGroup | null;
      branchId: string | null;
      ownerId: string;
    },
    at: Date,
  ): Segment {
    const segment = new Segment();
    Object.assign(segment, {
      id: newId(),
      name: fields.name,
      description: fields.description ?? null,
      kind: fields.kind,
      rule: null,
      usesClock: false,
      branchId: fields.branchId,
      ownerId: fields.ownerId,
      active: true,
      evaluatedOn: null,
      updatedAt: at,
    });
    if (fields.kind === 'rules') segment.describe(fields.rule ?? { combinator: 'and', rules: [] });
    else if (fields.rule) throw segmentKindMismatch({ name: fields.name, kind: fields.kind });
    return segment;
  }

  /** Sets the rule that decides who belongs. @throws Problem segment_kind_mismatch, segment_archived */
  describe(rule: RuleGroup): void {
    this.mustBeActive();
    if (this.kind !== 'rules') throw segmentKindMismatch({ name: this.name, kind: this.kind });
    this.rule = rule;
    this.usesClock = countsDays(rule);
  }

  /** Checks that members may be listed by hand. @throws Problem segment_kind_mismatch, segment_archived */
  mustTakeMembers(): void {
    this.mustBeActive();
    if (this.kind !== 'static') throw segmentKindMismatch({ name: this.name, kind: this.kind });
  }

  /** Ends the upkeep of members; what is there stays readable. @throws Problem segment_archived */
  archive(): void {
    this.mustBeActive();
    this.active = false;
  }

  /** @throws Problem segment_archived */
  mustBeActive(): void {
    if (!this.active) throw segmentArchived({ name: this.name });
  }
}

function countsDays(node: Rule | RuleGroup): boolean {
  return isGroup(node) ? node.rules.some(countsDays) : node.operator.endsWith('Days');
}
