import { Injectable } from '@nestjs/common';
import { Database, find, rows, type Principal, type ShownAs } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import { CustomersService } from '../customers/customers.service.js';
import { Case } from './case.entity.js';
import { queueEmpty } from './case.problems.js';
import { CasesService } from './cases.service.js';
import { priorityOf } from './queue-priority.js';
import type { QueuedCase, QueuePosition } from './queue.dto.js';

// The same order everywhere; the partial index of waiting cases has it.
const waiting = `status in ('new', 'open')`;
const order = 'points desc, opened_at, id';

/** Cases that wait, in the order that severity and the customer's value earn. */
@Injectable()
export class QueueService {
  constructor(
    private readonly database: Database,
    private readonly cases: CasesService,
    private readonly customers: CustomersService,
  ) {}

  /** The first cases of the queue within the caller's reach. */
  list(limit: number): Promise<ShownAs<QueuedCase>[]> {
    return this.database.read(async (tx) => {
      const found = await tx
        .createQueryBuilder(Case, 'q')
        .where(`q.${waiting}`)
        .orderBy('q.points', 'DESC')
        .addOrderBy('q.opened_at')
        .addOrderBy('q.id')
        .limit(limit)
        .getMany();
      return found.map((each, index) => ({ ...each, position: index + 1 }));
    });
  }

  /** @throws Problem not_found */
  position(caseId: string): Promise<QueuePosition> {
    return this.database.read(async (tx) => {
      const it = await find(tx, Case, caseId);
      const customer = await this.customers.known(tx, it.customerId);
      const { points, parts } = priorityOf(it.severity, it.rank, it.kind);
      return {
        position: it.running ? (await this.ahead(tx, it)) + 1 : null,
        points,
        parts,
        rank: it.rank,
        lifetimeValue: customer?.lifetimeValue ?? '0',
        rankedAt: customer?.rankedAt ?? null,
        receivedAt: customer?.receivedAt ?? null,
      };
    });
  }

  /**
   * Gives the caller the first case that nobody works yet; two agents who ask at once get two cases. @throws Problem
   * queue_empty
   */
  takeNext(by: Principal): Promise<Case> {
    return this.database.transaction(async (tx) => {
      const [row] = await rows<{ id: string }>(
        tx,
        `select id from "case" where ${waiting} and agent_id is null order by ${order} limit 1 for update skip locked`,
      );
      if (!row) throw queueEmpty();
      return this.cases.changeWithin(tx, await find(tx, Case, row.id), 'assigned', (it) => ({
        event: it.assign(by.subject),
        data: { agentId: by.subject },
      }));
    });
  }

  private async ahead(tx: Transaction, { points, openedAt, id }: Case): Promise<number> {
    const [row] = await rows<{ ahead: number }>(
      tx,
      `select count(*)::int as ahead from "case" where ${waiting} and (points > $1 or (points = $1 and (opened_at, id) < ($2, $3::uuid)))`,
      [points, openedAt, id],
    );
    return row!.ahead;
  }
}
