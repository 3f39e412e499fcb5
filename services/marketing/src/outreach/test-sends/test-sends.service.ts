import { Injectable } from '@nestjs/common';
import { Database, Every, type Principal } from '@quen/chassis';
import { defineProblem } from '@quen/messaging';
import { normalEmail } from '../../audience/customers/customers.service.js';
import { MarketingConfig } from '../../marketing.config.js';
import { StaffService } from '../../replicas/staff/staff.service.js';

const foreign = defineProblem('unprocessable', 'test_recipient_foreign', {
  en: 'Tests go to the staff or to domains that are set for it; {address} is neither.',
  vi: 'Thư thử chỉ gửi cho nhân viên hoặc các tên miền đã khai báo; {address} không thuộc số đó.',
});
const exhausted = defineProblem('too_many', 'test_sends_exhausted', {
  en: 'You have sent {limit} tests within an hour; try again in {seconds} s.',
  vi: 'Bạn đã gửi {limit} thư thử trong một giờ; thử lại sau {seconds} giây.',
});

/** Tests that one person may send within an hour, from whichever process. */
export const testSendsAnHour = 20;

/** Which tests of messages may go out; each is kept, with who sent it where. */
@Injectable()
export class TestSendsService {
  private readonly domains: ReadonlySet<string>;

  constructor(
    private readonly database: Database,
    private readonly staff: StaffService,
    config: MarketingConfig,
  ) {
    this.domains = new Set(config.TEST_SEND_DOMAINS.toLowerCase().split(',').filter(Boolean));
  }

  /** Lets one test go out, and keeps it. @throws Problem test_recipient_foreign, test_sends_exhausted */
  async admit(campaignId: string, to: string, by: Principal): Promise<void> {
    const address = normalEmail(to);
    await this.database.elevated(async (tx) => {
      if (!this.domains.has(address.slice(address.lastIndexOf('@') + 1)) && !(await this.staff.owns(tx, address)))
        throw foreign({ address });
      await tx.query("select pg_advisory_xact_lock(hashtextextended('test-send ' || $1, 0))", [by.subject]);
      const [last]: { sent: number; seconds: number }[] = await tx.query(
        `
        select count(*)::int as sent, ceil(extract(epoch from min(sent_at) + interval '1 hour' - now()))::int as seconds
        from test_send where owner_id = $1 and sent_at > now() - interval '1 hour'`,
        [by.subject],
      );
      if (last && last.sent >= testSendsAnHour)
        throw exhausted({ limit: testSendsAnHour, seconds: Math.max(1, last.seconds) });
      await tx.query('insert into test_send (campaign_id, owner_id, address) values ($1, $2, $3)', [
        campaignId,
        by.subject,
        address,
      ]);
    });
  }

  /** Forgets tests after 90 days. */
  @Every('P1D', 'test-send-upkeep')
  async prune(): Promise<void> {
    await this.database.elevated(
      async (tx) => void (await tx.query("delete from test_send where sent_at < now() - interval '90 days'")),
    );
  }
}
