import { Injectable } from '@nestjs/common';
import { rows } from '@quen/chassis';
import { Events, type Transaction } from '@quen/messaging';
import { SlaPoliciesService, type SlaTerms } from '../sla-policies/sla-policies.service.js';
import { Case } from './case.entity.js';
import { deadlineOf, type ClockChange, type Deadline } from './deadline.js';

/** Both deadlines of a case. */
export interface CaseDeadlines {
  firstResponse: Deadline;
  solution: Deadline;
}

/**
 * Works deadlines out of a case's log, its policy and the calendar; nothing is carried over from an earlier
 * calculation.
 */
@Injectable()
export class DeadlinesService {
  constructor(
    private readonly events: Events,
    private readonly policies: SlaPoliciesService,
  ) {}

  /** The log of the clocks of some cases, in order. */
  async clocks(tx: Transaction, caseIds: string[]): Promise<Map<string, ClockChange[]>> {
    const entries = await rows<{ caseId: string; at: Date; running: boolean }>(
      tx,
      'select case_id, at, running from case_log where case_id = any($1) order by case_id, n',
      [caseIds],
    );
    const clocks = new Map<string, ClockChange[]>();
    for (const { caseId: id, at, running } of entries) clocks.set(id, [...(clocks.get(id) ?? []), { at, running }]);
    return clocks;
  }

  /** Both deadlines of a case under these terms. The clock of the first response never stands. */
  deadlines(of: Pick<Case, 'severity' | 'openedAt'>, terms: SlaTerms, clock: ClockChange[]): CaseDeadlines {
    const target = terms.targets[of.severity];
    return {
      firstResponse: deadlineOf(terms.calendar, target.firstResponseMinutes, [{ at: of.openedAt, running: true }]),
      solution: deadlineOf(terms.calendar, target.solutionMinutes, clock),
    };
  }

  /** Sets the deadlines of a case from what is known now. */
  apply(to: Case, terms: SlaTerms, clock: ClockChange[]): CaseDeadlines {
    const deadlines = this.deadlines(to, terms, clock);
    to.policyId = terms.policyId;
    to.policyVersion = terms.policyVersion;
    to.firstResponseDueAt = to.firstAnsweredAt ? to.firstResponseDueAt : deadlines.firstResponse.dueAt;
    to.solutionDueAt = deadlines.solution.dueAt;
    return deadlines;
  }

  /** Works out a batch of cases anew and publishes those whose deadlines moved; returns how many did. */
  async rerun(tx: Transaction, cases: Case[]): Promise<number> {
    const clocks = await this.clocks(
      tx,
      cases.map((each) => each.id),
    );
    const terms = new Map<string, SlaTerms>();
    const moved: Case[] = [];
    for (const each of cases) {
      let current = terms.get(each.policyId);
      if (!current) terms.set(each.policyId, (current = await this.policies.terms(tx, each.policyId)));
      const before = [each.firstResponseDueAt?.getTime(), each.solutionDueAt?.getTime(), each.policyVersion].join();
      this.apply(each, current, clocks.get(each.id) ?? []);
      if ([each.firstResponseDueAt?.getTime(), each.solutionDueAt?.getTime(), each.policyVersion].join() !== before)
        moved.push(each);
    }
    await tx.save(moved);
    await this.events.publishAll(
      tx,
      moved.map((each) => ({ aggregate: each, messages: [each.state()] })),
    );
    return moved.length;
  }
}
