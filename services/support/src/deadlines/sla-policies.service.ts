import { Injectable } from '@nestjs/common';
import { Database, find, Jobs, lock } from '@quen/chassis';
import { defineProblem, newId, type Transaction } from '@quen/messaging';
import { Calendar } from '../calendars/calendar.entity.js';
import { targetsHold } from './deadlines.service.js';
import type { CreateSlaPolicy, UpdateSlaPolicy } from './sla-policies.dto.js';
import { SlaPolicy } from './sla-policy.entity.js';

export const targetsInvalid = defineProblem('unprocessable', 'sla_targets_invalid', {
  en: 'A solution cannot be due before the first response.',
  vi: 'Hạn giải quyết không thể sớm hơn hạn phản hồi đầu tiên.',
});
const unknownCalendar = defineProblem('unprocessable', 'unknown_calendar', { en: 'There is no calendar {calendarId}.', vi: 'Không có lịch {calendarId}.' });

/** Service level agreements; a change re-runs the deadlines of the open cases under it. */
@Injectable()
export class SlaPoliciesService {
  constructor(private readonly database: Database, private readonly jobs: Jobs) {}

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
      return tx.save(policy);
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
      await tx.save(policy);
      await this.jobs.enqueue(tx, 'rerun-deadlines', { policyId: id });
      return policy;
    });
  }

  private async mustHold(tx: Transaction, policy: SlaPolicy): Promise<void> {
    if (!targetsHold(policy.targets)) throw targetsInvalid();
    if (!await tx.existsBy(Calendar, { id: policy.calendarId })) throw unknownCalendar({ calendarId: policy.calendarId });
  }
}
