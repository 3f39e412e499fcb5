import { Injectable } from '@nestjs/common';
import { type CaseSeverity, caseSeverities } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import type { Span, WorkingCalendar } from '../calendars/working-time.js';
import { Case } from '../cases/case.entity.js';
import { type ClockChange, type Deadline, deadlineOf } from './deadline.js';
import type { SlaTarget } from './sla-policy.entity.js';

/** A policy with the calendar that it counts by. */
export interface SlaTerms {
  policyId: string;
  policyName: string;
  policyVersion: number;
  calendarId: string;
  calendarVersion: number;
  calendarName: string;
  calendar: WorkingCalendar;
  targets: Record<CaseSeverity, SlaTarget>;
}

/** Both deadlines of a case. */
export interface CaseDeadlines { firstResponse: Deadline; solution: Deadline }

interface TermsRow { id: string; name: string; version: number; targets: Record<CaseSeverity, SlaTarget>; calendar_id: string; calendar_version: number; calendar_name: string; zone: string; week: Record<string, Span[]>; holidays: string[] }

const termsSql = `
  select p.id, p.name, p.version, p.targets, c.id as calendar_id, c.version as calendar_version, c.name as calendar_name, c.zone, c.week,
         coalesce((select array_agg(day::text) from holiday h where h.calendar_id = c.id and h.day > current_date - 400), '{}') as holidays
    from sla_policy p join calendar c on c.id = p.calendar_id`;

/** Works deadlines out of a case's log, its policy and the calendar; nothing is carried over from an earlier calculation. */
@Injectable()
export class DeadlinesService {
  constructor(private readonly events: Events) {}

  /** The terms of a policy; without an id those of the default one. */
  async terms(tx: Transaction, policyId?: string): Promise<SlaTerms> {
    const [row] = await tx.query<TermsRow[]>(policyId ? `${termsSql} where p.id = $1` : `${termsSql} where p.is_default`, policyId ? [policyId] : []);
    if (!row) throw new Error(`There is no SLA policy ${policyId ?? 'by default'}`);
    return {
      policyId: row.id, policyName: row.name, policyVersion: row.version, targets: row.targets,
      calendarId: row.calendar_id, calendarVersion: row.calendar_version, calendarName: row.calendar_name,
      calendar: { zone: row.zone, week: row.week, holidays: new Set(row.holidays) },
    };
  }

  /** The log of the clocks of some cases, in order. */
  async clocks(tx: Transaction, caseIds: string[]): Promise<Map<string, ClockChange[]>> {
    const rows = await tx.query<{ case_id: string; at: Date; running: boolean }[]>('select case_id, at, running from case_log where case_id = any($1) order by case_id, n', [caseIds]);
    const clocks = new Map<string, ClockChange[]>();
    for (const { case_id: id, at, running } of rows) clocks.set(id, [...(clocks.get(id) ?? []), { at, running }]);
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
    const clocks = await this.clocks(tx, cases.map((each) => each.id));
    const terms = new Map<string, SlaTerms>();
    const moved: Case[] = [];
    for (const each of cases) {
      let current = terms.get(each.policyId);
      if (!current) terms.set(each.policyId, (current = await this.terms(tx, each.policyId)));
      const before = [each.firstResponseDueAt?.getTime(), each.solutionDueAt?.getTime(), each.policyVersion].join();
      this.apply(each, current, clocks.get(each.id) ?? []);
      if ([each.firstResponseDueAt?.getTime(), each.solutionDueAt?.getTime(), each.policyVersion].join() !== before) moved.push(each);
    }
    await tx.save(moved);
    await this.events.publishAll(tx, moved.map((each) => ({ aggregate: each, messages: [each.state()] })));
    return moved.length;
  }
}

/** Whether every severity has targets that can be kept. */
export function targetsHold(targets: Record<string, SlaTarget>): boolean {
  return caseSeverities.every((severity) => {
    const target = targets[severity];
    return target !== undefined && target.firstResponseMinutes > 0 && target.solutionMinutes >= target.firstResponseMinutes;
  });
}
