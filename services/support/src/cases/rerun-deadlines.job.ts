import { Database, JobHandler, type JobRunner, type RunningJob } from '@quen/chassis';
import { Case } from './case.entity.js';
import { DeadlinesService } from './deadlines.service.js';

interface Affected {
  calendarId?: string;
  policyId?: string;
}

/** Cases that nobody else can change meanwhile: few, so that nobody waits long, however long a calendar is walked. */
const batch = 10;

/** Works the deadlines of open cases out anew after a policy or a calendar changed. */
@JobHandler('rerun-deadlines')
export class RerunDeadlinesJob implements JobRunner<Affected> {
  constructor(
    private readonly database: Database,
    private readonly deadlines: DeadlinesService,
  ) {}

  async run(job: RunningJob<Affected>): Promise<{ moved: number }> {
    let { after = '00000000-0000-0000-0000-000000000000', moved = 0 } = (job.checkpoint ?? {}) as {
      after?: string;
      moved?: number;
    };
    let { done } = job.progressSoFar;
    for (;;) {
      const found = await this.database.elevated(async (tx) => {
        const cases = await tx
          .createQueryBuilder(Case, 'q')
          .where('q.id > :after', { after })
          .andWhere(`q.status in ('new', 'open', 'waiting')`)
          .andWhere('q.policy_id in (select id from sla_policy where id = :policyId or calendar_id = :calendarId)', {
            policyId: job.params.policyId ?? null,
            calendarId: job.params.calendarId ?? null,
          })
          .orderBy('q.id')
          .limit(batch)
          .setLock('pessimistic_write')
          .getMany();
        moved += await this.deadlines.rerun(tx, cases);
        done += cases.length;
        after = cases.at(-1)?.id ?? after;
        await job.advance(tx, { done, checkpoint: { after, moved } });
        return cases.length;
      });
      if (found < batch) return { moved };
    }
  }
}
