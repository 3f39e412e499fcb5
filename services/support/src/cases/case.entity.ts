import { build, CaseAnswered, CaseAssigned, type CaseChannel, type CaseKind, CaseOpened, CaseRated, CaseReopened, type CaseSeverity, CaseSolved, CaseState, type CaseStatus, type CustomerRank, DeadlineBreached, type DeadlineKind } from '@quen/events';
import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import { caseClosed, caseNotSolved, caseSolved } from './case.problems.js';

/** A customer's question, request, complaint or incident, from opening to rating. A rule changes state and returns the event it caused. */
@Entity('case')
export class Case {
  @PrimaryColumn('uuid') id!: string;
  @VersionColumn() version!: number;
  /** @example 'CS-000042' */
  @Column('text') code!: string;
  @Column({ name: 'customer_id', type: 'uuid' }) customerId!: string;
  @Column({ name: 'branch_id', type: 'uuid' }) branchId!: string;
  @Column({ name: 'agent_id', type: 'uuid', nullable: true }) agentId!: string | null;
  @Column('text') subject!: string;
  @Column({ type: 'text', nullable: true }) description!: string | null;
  @Column('text') kind!: CaseKind;
  @Column('text') severity!: CaseSeverity;
  @Column('text') category!: string;
  @Column({ type: 'text', nullable: true }) cause!: string | null;
  @Column('text') channel!: CaseChannel;
  @Column('text') status!: CaseStatus;
  @Column({ name: 'opened_at', type: 'timestamptz' }) openedAt!: Date;
  @Column({ name: 'first_answered_at', type: 'timestamptz', nullable: true }) firstAnsweredAt!: Date | null;
  @Column({ name: 'solved_at', type: 'timestamptz', nullable: true }) solvedAt!: Date | null;
  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true }) closedAt!: Date | null;
  @Column({ type: 'text', nullable: true }) solution!: string | null;
  @Column('int') reopened!: number;
  @Column({ type: 'smallint', nullable: true }) rating!: number | null;
  @Column({ name: 'rating_comment', type: 'text', nullable: true }) ratingComment!: string | null;
  @Column({ name: 'policy_id', type: 'uuid' }) policyId!: string;
  @Column({ name: 'policy_version', type: 'int' }) policyVersion!: number;
  @Column({ name: 'first_response_due_at', type: 'timestamptz', nullable: true }) firstResponseDueAt!: Date | null;
  @Column({ name: 'solution_due_at', type: 'timestamptz', nullable: true }) solutionDueAt!: Date | null;
  @Column({ name: 'first_response_breached_at', type: 'timestamptz', nullable: true }) firstResponseBreachedAt!: Date | null;
  @Column({ name: 'solution_breached_at', type: 'timestamptz', nullable: true }) solutionBreachedAt!: Date | null;
  /** Place in the queue: more points come first. */
  @Column('int') points!: number;
  /** The customer's rank as last heard. */
  @Column('text') rank!: CustomerRank;
  @CreateDateColumn({ name: 'created_at', type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz' }) updatedAt!: Date;

  opened(): CaseOpened {
    const { id, code, customerId, kind, severity, channel, category, branchId } = this;
    return build(CaseOpened, { caseId: id, code, customerId, kind, severity, channel, category, branchId });
  }

  /** True while the clock of the solution runs. */
  get running(): boolean {
    return this.status === 'new' || this.status === 'open';
  }

  /** @throws Problem case_closed, case_solved */
  assign(agentId: string): CaseAssigned {
    this.mustBeUnsolved();
    this.agentId = agentId;
    if (this.status === 'new') this.status = 'open';
    return build(CaseAssigned, { caseId: this.id, customerId: this.customerId, agentId });
  }

  /** Answers the customer; `wait` stops the clock until the customer replies. @throws Problem case_closed, case_solved */
  answer(agentId: string, at: Date, wait: boolean): CaseAnswered {
    this.mustBeUnsolved();
    const first = this.firstAnsweredAt === null;
    this.firstAnsweredAt ??= at;
    this.agentId ??= agentId;
    this.status = wait ? 'waiting' : 'open';
    return build(CaseAnswered, { caseId: this.id, customerId: this.customerId, agentId, first });
  }

  /** The customer wrote: a case that waited goes on, a solved one is reopened. @throws Problem case_closed */
  reply(): CaseReopened | undefined {
    this.mustBeOpenable();
    if (this.status === 'solved') return this.reopen();
    this.status = this.agentId ? 'open' : 'new';
    return undefined;
  }

  /** @throws Problem case_closed, case_solved */
  solve(at: Date, solution: string, cause: string | undefined, workingMinutes: number): CaseSolved {
    this.mustBeUnsolved();
    this.status = 'solved';
    this.solvedAt = at;
    this.solution = solution;
    this.cause = cause ?? this.cause;
    const { id, customerId, agentId, kind, severity } = this;
    return build(CaseSolved, { caseId: id, customerId, agentId, kind, severity, workingMinutes: Math.round(workingMinutes), cause: this.cause });
  }

  /** @throws Problem case_closed, case_not_solved */
  reopen(): CaseReopened {
    this.mustBeOpenable();
    if (this.status !== 'solved') throw caseNotSolved({ code: this.code });
    this.status = this.agentId ? 'open' : 'new';
    this.solvedAt = null;
    this.reopened += 1;
    const { id, customerId, kind, severity } = this;
    return build(CaseReopened, { caseId: id, customerId, kind, severity });
  }

  /** @throws Problem case_closed, case_not_solved */
  close(at: Date): void {
    this.mustBeOpenable();
    if (this.status !== 'solved') throw caseNotSolved({ code: this.code });
    this.status = 'closed';
    this.closedAt = at;
  }

  /** The customer's judgement of the solution; a later one replaces it. @throws Problem case_not_solved */
  rate(rating: number, comment: string | undefined): CaseRated {
    if (this.status !== 'solved' && this.status !== 'closed') throw caseNotSolved({ code: this.code });
    this.rating = rating;
    this.ratingComment = comment ?? null;
    return build(CaseRated, { caseId: this.id, customerId: this.customerId, rating });
  }

  /** Notes a deadline that passed; a breach stays, whatever happens to the deadline later. */
  breach(deadline: DeadlineKind, at: Date): DeadlineBreached {
    const dueAt = deadline === 'solution' ? this.solutionDueAt : this.firstResponseDueAt;
    if (deadline === 'solution') this.solutionBreachedAt = at;
    else this.firstResponseBreachedAt = at;
    return build(DeadlineBreached, { caseId: this.id, customerId: this.customerId, deadline, dueAt: (dueAt ?? at).toISOString() });
  }

  state(): CaseState {
    const { id, version, code, customerId, kind, severity, category, status, branchId, agentId, rating } = this;
    return build(CaseState, {
      caseId: id, version, code, customerId, kind, severity, category, status, branchId, agentId, rating, openedAt: this.openedAt.toISOString(),
      solvedAt: this.solvedAt?.toISOString(), firstResponseDueAt: this.firstResponseDueAt?.toISOString(), solutionDueAt: this.solutionDueAt?.toISOString(),
    });
  }

  private mustBeOpenable(): void {
    if (this.status === 'closed') throw caseClosed({ code: this.code });
  }

  private mustBeUnsolved(): void {
    this.mustBeOpenable();
    if (this.status === 'solved') throw caseSolved({ code: this.code });
  }
}
