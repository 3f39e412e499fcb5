import { Injectable } from '@nestjs/common';
import { Database, find, Jobs, lock, rows, save } from '@quen/chassis';
import { caseSeverities, type CaseSeverity } from '@quen/events';
import { defineProblem, newId, type Transaction } from '@quen/messaging';
import { CalendarsService } from '../calendars/calendars.service.js';
import type { Span, WorkingCalendar } from '../working-time.js';
import type { CreateSlaPolicy, UpdateSlaPolicy } from './sla-policies.dto.js';
import { SlaPolicy, type SlaTarget } from './sla-policy.entity.js';

export const targetsInvalid = defineProblem('unprocessable', 'sla_targets_invalid', {
  en: 'A solution cannot be due before the first response.',
  vi: 'Hạn giải quyết không thể sớm hơn hạn phản hồi đầu tiên.',
});
const unknownPolicy = defineProblem('unprocessable', 'unknown_policy', {
  en: 'There is no SLA policy {policyId}.',
  vi: 'Không có chính sách SLA {policyId}.',
});
const unknownCalendar = defineProblem('unprocessable', 'unknown_calendar', {
  en: 'There is no calendar {calendarId}.',
  vi: 'Không có lịch {calendarId}.',
});

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

interface TermsRow {
  id: string;
  name: string;
  version: number;
  targets: Record<CaseSeverity, SlaTarget>;
  calendarId: string;
  calendarVersion: number;
  calendarName: string;
  zone: string;
  week: Record<string, Span[]>;
  holidays: string[];
}

const termsSql = `
  select p.id, p.name, p.version, p.targets, c.id as calendar_id, c.version as calendar_version, c.name as calendar_name, c.zone, c.week,
         coalesce((select array_agg(day::text) from holiday h where h.calendar_id = c.id), '{}') as holidays
    from sla_policy p join calendar c on c.id = p.calendar_id`;

/** Service level agreements; a change re-runs the deadlines of the open cases under it. */
@Injectable()
export class SlaPoliciesService {
  constructor(
    private readonly database: Database,
    private readonly jobs: Jobs,
    private readonly calendars: CalendarsService,
  ) {}

  list(): Promise<SlaPolicy[]> {
    return this.database.read((tx) => tx.find(SlaPolicy, { order: { name: 'asc', id: 'asc' } }));
  }

  get(id: string): Promise<SlaPolicy> {
    return this.database.read((tx) => find(tx, SlaPolicy, id));
  }

  /** @throws Problem sla_targets_invalid, unknown_calendar */
  create(wanted: CreateSlaPolicy): Promise<SlaPolicy> {
    return this.database.transaction(async (tx) => {
      const policy = tx.create(SlaPolicy, { id: newId(), ...wanted, isDefault: false });
      await this.mustHold(tx, policy);
      return save(tx, policy);
    });
  }

  /** @throws Problem sla_targets_invalid, unknown_calendar, stale, not_found */
  update(id: string, version: number, changes: UpdateSlaPolicy): Promise<SlaPolicy> {
    return this.database.transaction(async (tx) => {
      const policy = await lock(tx, SlaPolicy, id, version);
      policy.name = changes.name ?? policy.name;
      policy.calendarId = changes.calendarId ?? policy.calendarId;
      policy.targets = changes.targets ?? policy.targets;
      await this.mustHold(tx, policy);
      await save(tx, policy);
      await this.jobs.enqueue(tx, 'rerun-deadlines', { policyId: id });
      return policy;
    });
  }

  /** The terms of a policy; without an id those of the default one. @throws Problem unknown_policy */
  async terms(tx: Transaction, policyId?: string): Promise<SlaTerms> {
    const [row] = await rows<TermsRow>(
      tx,
      policyId ? `${termsSql} where p.id = $1` : `${termsSql} where p.is_default`,
      policyId ? [policyId] : [],
    );
    if (!row) throw policyId ? unknownPolicy({ policyId }) : new Error('There is no default SLA policy');
    return {
      policyId: row.id,
      policyName: row.name,
      policyVersion: row.version,
      targets: row.targets,
      calendarId: row.calendarId,
      calendarVersion: row.calendarVersion,
      calendarName: row.calendarName,
      calendar: { zone: row.zone, week: row.week, holidays: new Set(row.holidays) },
    };
  }

  private async mustHold(tx: Transaction, policy: SlaPolicy): Promise<void> {
    if (!targetsHold(policy.targets)) throw targetsInvalid();
    if (!(await this.calendars.exists(tx, policy.calendarId))) throw unknownCalendar({ calendarId: policy.calendarId });
  }
}

/** Whether every severity has targets that can be kept. */
function targetsHold(targets: Record<string, SlaTarget>): boolean {
  return caseSeverities.every((severity) => {
    const target = targets[severity];
    return (
      target !== undefined && target.firstResponseMinutes > 0 && target.solutionMinutes >= target.firstResponseMinutes
    );
  });
}
