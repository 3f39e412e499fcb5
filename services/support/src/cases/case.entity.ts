import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import {
  build,
  CaseAnswered,
  CaseAssigned,
  CaseOpened,
  CaseRated,
  CaseReopened,
  CaseSolved,
  CaseState,
  DeadlineBreached,
  type CaseChannel,
  type CaseKind,
  type CaseSeverity,
  type CaseStatus,
  type CustomerRank,
  type DeadlineKind,
} from '@quen/events';
import { caseClosed, caseNotSolved, caseRated, caseSolved } from './case.problems.js';

const unsolved: readonly CaseStatus[] = ['new', 'open', 'waiting'];
const unclosed: readonly CaseStatus[] = [...unsolved, 'solved'];

/** In which status what may be done to a case. A closed one takes its first rating and nothing else. */
const permitted = {
  assign: unsolved,
  answer: unsolved,
  solve: unsolved,
  work: unsolved,
  correct: unclosed,
  note: unclosed,
  reply: unclosed,
  reopen: ['solved'],
  close: ['solved'],
  rate: ['solved', 'closed'],
} as const satisfies Record<string, readonly CaseStatus[]>;
type CaseAct = keyof typeof permitted;

/**
 * A customer's question, request, complaint or incident, from opening to rating. A rule changes state and returns the
 * event it caused.
 */
@Entity('case')
export class Case {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  /** @example 'CS-000042' */
  @Column('text') code!: string;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'uuid' }) branchId!: string;
  @Column({ type: 'uuid', nullable: true }) agentId!: string | null;
  @Column('text') subject!: string;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column('text') kind!: CaseKind;
  @Column('text') severity!: CaseSeverity;
  @Column('text') category!: string;
  @Column({ type: 'text', nullable: true }) cause!: string | null;
  @Column('text') channel!: CaseChannel;
  @Column('text') status!: CaseStatus;
  @Column({ type: 'timestamptz' }) openedAt!: Date;
  @Column({ type: 'timestamptz', nullable: true }) firstAnsweredAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) solvedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) closedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) solution!: string | null;
  @Column('int') reopened!: number;
  /** Minutes of work that agents logged. */
  @Column({ type: 'int' }) workedMinutes!: number;
  /** Those of them that no solution has told of; null where none were logged since the last. */
  @Column({ type: 'int', nullable: true }) untoldMinutes!: number | null;
  @Column({ type: 'smallint', nullable: true }) rating!: number | null;
  @Column({ type: 'text', nullable: true }) ratingComment!: string | null;
  @Column({ type: 'uuid' }) policyId!: string;
  @Column({ type: 'int' }) policyVersion!: number;
  @Column({ type: 'timestamptz', nullable: true }) firstResponseDueAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) solutionDueAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true })
  firstResponseBreachedAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) solutionBreachedAt!: Date | null;
  /** Place in the queue: more points come first. */
  @Column('int') points!: number;
  /** The customer's rank as last heard. */
  @Column('text') rank!: CustomerRank;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

  opened(): CaseOpened {
    const { id, code, customerId, kind, severity, channel, category, branchId } = this;
    return build(CaseOpened, { caseId: id, code, customerId, kind, severity, channel, category, branchId });
  }

  /** True while the clock of the solution runs. */
  get running(): boolean {
    return this.status === 'new' || this.status === 'open';
  }

  /** Corrects what was written down when it was opened. @throws Problem case_closed */
  correct(changes: Partial<Pick<Case, 'subject' | 'description' | 'kind' | 'severity' | 'category' | 'cause'>>): void {
    this.mustPermit('correct');
    Object.assign(this, changes);
  }

  /** True while work may be logged. */
  get takesWork(): boolean {
    return permitted.work.includes(this.status);
  }

  /** @throws Problem case_closed, case_solved */
  assign(agentId: string): CaseAssigned {
    this.mustPermit('assign');
    this.agentId = agentId;
    if (this.status === 'new') this.status = 'open';
    return build(CaseAssigned, { caseId: this.id, customerId: this.customerId, agentId });
  }

  /**
   * Answers the customer; `wait` stops the clock until the customer replies. @throws Problem case_closed, case_solved
   */
  answer(agentId: string, at: Date, wait: boolean): CaseAnswered {
    this.mustPermit('answer');
    const first = this.firstAnsweredAt === null;
    this.firstAnsweredAt ??= at;
    this.agentId ??= agentId;
    this.status = wait ? 'waiting' : 'open';
    return build(CaseAnswered, { caseId: this.id, customerId: this.customerId, agentId, first });
  }

  /** @throws Problem case_closed */
  note(): void {
    this.mustPermit('note');
  }

  /** Logs minutes of work: what serving the customer costs. @throws Problem case_closed, case_solved */
  work(minutes: number): void {
    this.mustPermit('work');
    this.workedMinutes += minutes;
    this.untoldMinutes = (this.untoldMinutes ?? 0) + minutes;
  }

  /** The customer wrote: a case that waited goes on, a solved one is reopened. @throws Problem case_closed */
  reply(): CaseReopened | undefined {
    this.mustPermit('reply');
    if (this.status === 'solved') return this.reopen();
    this.status = this.agentId ? 'open' : 'new';
    return undefined;
  }

  /** `workingMinutes`: how long it took by the clock of the deadline. @throws Problem case_closed, case_solved */
  solve(at: Date, solution: string, cause: string | undefined, workingMinutes: number): CaseSolved {
    this.mustPermit('solve');
    this.status = 'solved';
    this.solvedAt = at;
    this.solution = solution;
    this.cause = cause ?? this.cause;
    const workedMinutes = this.untoldMinutes;
    this.untoldMinutes = null;
    const { id, customerId, agentId, kind, severity, channel } = this;
    return build(CaseSolved, {
      caseId: id,
      customerId,
      agentId,
      kind,
      severity,
      workingMinutes: Math.round(workingMinutes),
      workedMinutes,
      channel,
      cause: this.cause,
    });
  }

  /**
   * The solution did not hold, so what was said of it does not stand either. @throws Problem case_closed,
   * case_not_solved
   */
  reopen(): CaseReopened {
    this.mustPermit('reopen');
    this.status = this.agentId ? 'open' : 'new';
    this.solvedAt = null;
    this.rating = null;
    this.ratingComment = null;
    this.reopened += 1;
    const { id, customerId, kind, severity, channel } = this;
    return build(CaseReopened, { caseId: id, customerId, kind, severity, channel });
  }

  /** @throws Problem case_closed, case_not_solved */
  close(at: Date): void {
    this.mustPermit('close');
    this.status = 'closed';
    this.closedAt = at;
  }

  /**
   * The customer's judgement of the solution; a later one replaces it until the case is closed. @throws Problem
   * case_not_solved, case_rated
   */
  rate(rating: number, comment: string | undefined): CaseRated {
    this.mustPermit('rate');
    if (this.status === 'closed' && this.rating !== null) throw caseRated({ code: this.code });
    this.rating = rating;
    this.ratingComment = comment ?? null;
    return build(CaseRated, { caseId: this.id, customerId: this.customerId, rating });
  }

  /** Notes a deadline that passed; a breach stays, whatever happens to the deadline later. */
  breach(deadline: DeadlineKind, at: Date): DeadlineBreached {
    const dueAt = deadline === 'solution' ? this.solutionDueAt : this.firstResponseDueAt;
    if (deadline === 'solution') this.solutionBreachedAt = at;
    else this.firstResponseBreachedAt = at;
    return build(DeadlineBreached, {
      caseId: this.id,
      customerId: this.customerId,
      deadline,
      dueAt: (dueAt ?? at).toISOString(),
    });
  }

  state(): CaseState {
    const {
      id,
      version,
      code,
      customerId,
      kind,
      severity,
      category,
      status,
      branchId,
      agentId,
      rating,
      channel,
      workedMinutes,
    } = this;
    return build(CaseState, {
      caseId: id,
      version,
      code,
      customerId,
      kind,
      severity,
      category,
      status,
      branchId,
      agentId,
      rating,
      channel,
      workedMinutes,
      openedAt: this.openedAt.toISOString(),
      solvedAt: this.solvedAt?.toISOString(),
      firstResponseDueAt: this.firstResponseDueAt?.toISOString(),
      solutionDueAt: this.solutionDueAt?.toISOString(),
    });
  }

  private mustPermit(act: CaseAct): void {
    const within: readonly CaseStatus[] = permitted[act];
    if (within.includes(this.status)) return;
    if (this.status === 'closed') throw caseClosed({ code: this.code });
    if (this.status === 'solved') throw caseSolved({ code: this.code });
    throw caseNotSolved({ code: this.code });
  }
}
