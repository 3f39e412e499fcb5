import { Injectable } from '@nestjs/common';
import { Database, Every, momentOf } from '@quen/chassis';
import type { DeadlineKind } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import { log } from './case-log.js';
import { Case } from './case.entity.js';

// Each has a partial index over cases whose deadline has not been missed yet, so that a look costs what is due, not
// what there is.
const due: [deadline: DeadlineKind, where: string][] = [
  [
    'first-response',
    'q.first_response_due_at <= now() and q.first_response_breached_at is null and q.first_answered_at is null',
  ],
  ['solution', `q.solution_due_at <= now() and q.solution_breached_at is null and q.status in ('new', 'open')`],
];

/** Notes deadlines as they pass. */
@Injectable()
export class BreachSchedule {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  @Every('PT5S', 'breaches')
  async noteBreaches(): Promise<void> {
    for (const [deadline, where] of due) {
      while ((await this.database.elevated((tx) => this.noteSome(tx, deadline, where))) > 0);
    }
  }

  private async noteSome(tx: Transaction, deadline: DeadlineKind, where: string): Promise<number> {
    const cases = await tx
      .createQueryBuilder(Case, 'q')
      .where(where)
      .limit(100)
      .setLock('pessimistic_write')
      .setOnLocked('skip_locked')
      .getMany();
    if (cases.length === 0) return 0;
    const now = momentOf(tx).at;
    const breaches = cases.map((each) => each.breach(deadline, now));
    await tx.save(cases);
    for (const each of cases) await log(tx, each, 'breached', now, deadline);
    await this.events.publishAll(
      tx,
      cases.map((each, index) => ({ aggregate: each, messages: [breaches[index]!, each.state()] })),
    );
    return cases.length;
  }
}
