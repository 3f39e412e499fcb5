import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  defineList,
  find,
  insert,
  instant,
  integer,
  lock,
  momentOf,
  page,
  Rights,
  save,
  text,
  uuid,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { leadSources, salesChannels } from '@quen/events';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import { CustomersService } from '../../replicas/customers/customers.service.js';
import { StaffService } from '../../replicas/staff/staff.service.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { LeadApproach } from './lead-approach.entity.js';
import { Lead, leadStatuses } from './lead.entity.js';
import type { AssignLead, ConvertLead, LogApproach } from './leads.dto.js';

export const leadOfAnother = defineProblem('conflict', 'lead_of_another', {
  en: 'The lead was routed to another seller; a branch manager may give it to somebody else.',
  vi: 'Đầu mối đã được giao cho người bán khác; quản lý chi nhánh có thể giao lại.',
});
export const staffOfOtherBranch = defineProblem('unprocessable', 'staff_of_other_branch', {
  en: 'Member of staff {id} does not work for the branch of the lead.',
  vi: 'Nhân viên {id} không thuộc chi nhánh của đầu mối.',
});

export const leads = defineList({
  entity: Lead,
  fields: {
    status: choice(leadStatuses),
    channel: choice(salesChannels),
    source: choice(leadSources),
    channelCode: text(),
    branchId: uuid(),
    ownerId: uuid(),
    customerId: uuid(),
    campaignId: uuid(),
    score: integer(),
    routedAt: instant(),
  },
  sort: ['routedAt', 'score'],
  defaultSort: '-routedAt',
});

/** Leads while sellers work on them. */
@Injectable()
export class LeadsService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly customers: CustomersService,
    private readonly opportunities: OpportunitiesService,
    private readonly staff: StaffService,
    private readonly rights: Rights,
  ) {}

  list(query: ParsedList): Promise<Page<Lead>> {
    return this.database.read((tx) => page(tx, leads, query));
  }

  get(id: string): Promise<Lead> {
    return this.database.read((tx) => find(tx, Lead, id));
  }

  approaches(id: string): Promise<LeadApproach[]> {
    return this.database.read(async (tx) => {
      await find(tx, Lead, id);
      return tx.find(LeadApproach, { where: { leadId: id }, order: { at: 'DESC' } });
    });
  }

  /** The caller takes the lead on. @throws Problem lead_closed, lead_of_another */
  accept(id: string, version: number, caller: Principal): Promise<Lead> {
    return this.database.transaction(async (tx) => {
      const lead = await this.lockFor(tx, id, version, caller);
      const accepted = lead.accept(caller.subject, momentOf(tx).at);
      return this.save(tx, lead, accepted);
    });
  }

  /** @throws Problem lead_closed, lead_of_another */
  decline(id: string, version: number, reason: string, caller: Principal): Promise<Lead> {
    return this.database.transaction(async (tx) => {
      const lead = await this.lockFor(tx, id, version, caller);
      const declined = lead.decline(reason, momentOf(tx).at);
      return this.save(tx, lead, declined);
    });
  }

  /**
   * Gives the lead to another seller, who goes on where it stands. @throws Problem lead_closed, staff_unknown,
   * staff_of_other_branch
   */
  assign(id: string, version: number, { ownerId, reason }: AssignLead): Promise<Lead> {
    return this.database.transaction(async (tx) => {
      const lead = await lock(tx, Lead, id, version);
      const { branchId } = await this.staff.assignment(tx, ownerId);
      if (!(await this.staff.serves(tx, branchId, lead.branchId))) throw staffOfOtherBranch({ id: ownerId });
      return this.save(tx, lead, lead.assign(ownerId, reason));
    });
  }

  /** Logs an attempt to get in touch; the first one stops the clock of the first response. */
  approach(id: string, body: LogApproach, caller: Principal): Promise<LeadApproach> {
    return this.database.transaction(async (tx) => {
      const lead = await this.lockFor(tx, id, undefined, caller);
      const { at } = momentOf(tx);
      if (lead.approached(at)) await save(tx, lead);
      return insert(
        tx,
        Object.assign(new LeadApproach(), {
          id: newId(),
          leadId: id,
          channel: body.channel,
          outcome: body.outcome,
          note: body.note ?? null,
          by: caller.subject,
          at,
        }),
      );
    });
  }

  /** Opens an opportunity from the lead, which is kept and linked. */
  convert(id: string, version: number, body: ConvertLead, caller: Principal): Promise<Lead> {
    return this.database.transaction(async (tx) => {
      const lead = await this.lockFor(tx, id, version, caller);
      lead.mustBeAccepted();
      const customer = await this.customers.require(tx, lead.customerId);
      const opportunity = await this.opportunities.open(
        tx,
        {
          name: body.name ?? lead.interest?.slice(0, 200) ?? customer.displayName.slice(0, 200),
          customerId: customer.id,
          leadId: lead.id,
          campaignId: lead.campaignId,
          pipelineId: body.pipelineId,
          need: lead.interest,
          amount: body.amount,
          expectedCloseOn: body.expectedCloseOn,
          branchId: lead.branchId,
          ownerId: lead.ownerId ?? caller.subject,
        },
        caller.subject,
      );
      const converted = lead.convert(opportunity.id, momentOf(tx).at);
      return this.save(tx, lead, converted);
    });
  }

  /**
   * A lead that somebody has is worked on by nobody else, though the branch sees it, but by those who may give it to
   * others.
   */
  private async lockFor(tx: Transaction, id: string, version: number | undefined, caller: Principal): Promise<Lead> {
    const lead = await lock(tx, Lead, id, version);
    if (lead.ownerId && lead.ownerId !== caller.subject && !(await this.rights.may(caller, 'lead', 'assign', lead)))
      throw leadOfAnother();
    return lead;
  }

  private async save(tx: Transaction, lead: Lead, event: object): Promise<Lead> {
    const saved = await save(tx, lead);
    await this.events.publish(tx, saved, event);
    return saved;
  }
}
