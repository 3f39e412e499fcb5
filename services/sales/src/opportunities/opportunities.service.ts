import { Injectable } from '@nestjs/common';
import { choice, Database, date, decimal, defineList, find, instant, lock, type Page, page, type ParsedList, type Principal, text, uuid } from '@quen/chassis';
import { Events, type Transaction } from '@quen/messaging';
import { Clock } from '../clock/clock.service.js';
import { CustomersService } from '../customers/customers.service.js';
import { type OpportunityFacts, PipelinesService } from '../pipelines/pipelines.service.js';
import { StaffService } from '../staff/staff.service.js';
import type { CreateOpportunity, UpdateOpportunity } from './opportunities.dto.js';
import { countsFor, enterStage } from './opportunities.queries.js';
import { Opportunity, type OpportunityBeginning, opportunityStatuses, useWinOrLose } from './opportunity.entity.js';

export type { Opportunity } from './opportunity.entity.js';

export const opportunities = defineList({
  entity: Opportunity,
  fields: {
    status: choice(opportunityStatuses), stage: text(), pipelineId: uuid(), customerId: uuid(), leadId: uuid(), campaignId: uuid(), branchId: uuid(), ownerId: uuid(), name: text(),
    amount: decimal(), expectedCloseOn: date(), createdAt: instant(), updatedAt: instant(), closedAt: instant(),
  },
  sort: ['updatedAt', 'createdAt', 'expectedCloseOn', 'amount', 'name'], defaultSort: '-createdAt', search: ['name', 'need'],
});

/** Opportunities on their way through a pipeline. */
@Injectable()
export class OpportunitiesService {
  constructor(
    private readonly database: Database, private readonly events: Events, private readonly clock: Clock,
    private readonly pipelines: PipelinesService, private readonly customers: CustomersService, private readonly staff: StaffService,
  ) {}

  list(query: ParsedList): Promise<Page<Opportunity>> {
    return this.database.read((tx) => page(tx, opportunities, query));
  }

  create(body: CreateOpportunity, caller: Principal): Promise<Opportunity> {
    return this.database.transaction(async (tx) => {
      const customer = await this.customers.require(tx, body.customerId);
      const ownership = await this.staff.ownership(tx, caller, customer, body.ownerId);
      return this.open(tx, { ...body, ...ownership, customerId: customer.id }, caller.subject);
    });
  }

  /** Opens an opportunity as part of another use case. @throws Problem pipeline_unknown */
  async open(tx: Transaction, beginning: Omit<OpportunityBeginning, 'pipelineId'> & { pipelineId?: string }, by: string): Promise<Opportunity> {
    const pipeline = await this.pipelines.forNew(tx, beginning.pipelineId);
    const { opportunity, opened } = Opportunity.open({ ...beginning, pipelineId: pipeline.id }, pipeline.first(), (await this.clock.now(tx)).at);
    const saved = await tx.save(opportunity);
    await enterStage(tx, saved.id, saved.stage, by);
    await this.events.publish(tx, saved, opened, saved.state());
    return saved;
  }

  update(id: string, version: number, { ownerId, ...fields }: UpdateOpportunity): Promise<Opportunity> {
    return this.database.transaction(async (tx) => {
      const opportunity = await lock(tx, Opportunity, id, version);
      const { lines } = await countsFor(tx, id);
      const assignment = ownerId && ownerId !== opportunity.ownerId ? await this.staff.assignment(tx, ownerId) : {};
      opportunity.change({ ...fields, ...assignment }, lines);
      return this.save(tx, opportunity);
    });
  }

  /** Moves to another open stage. @throws Problem stage_unknown, move_not_allowed, stage_not_ready, use_win_or_lose */
  move(id: string, version: number, stage: string, caller: Principal): Promise<Opportunity> {
    return this.database.transaction(async (tx) => {
      const opportunity = await lock(tx, Opportunity, id, version);
      opportunity.mustBeOpen();
      const pipeline = await this.pipelines.of(tx, opportunity.pipelineId);
      if (pipeline.stage(stage).kind !== 'open') throw useWinOrLose({ stage });
      const now = await this.clock.now(tx);
      const target = pipeline.admit(opportunity.stage, stage, await this.facts(tx, opportunity), now);
      const moved = opportunity.move(target, now.at);
      await enterStage(tx, id, target.code, caller.subject);
      return this.save(tx, opportunity, moved);
    });
  }

  /** Closes as won, if the pipeline's winning stage admits it. */
  win(id: string, version: number, reason: string | undefined, caller: Principal): Promise<Opportunity> {
    return this.close(id, version, 'won', caller, (opportunity, stage, at) => opportunity.win(stage, reason, at));
  }

  /** Closes as lost. */
  lose(id: string, version: number, reason: string, caller: Principal): Promise<Opportunity> {
    return this.close(id, version, 'lost', caller, (opportunity, stage, at) => opportunity.lose(stage, reason, at));
  }

  /** The opportunity inside the caller's reach, for a document that is made from it. */
  of(tx: Transaction, id: string): Promise<Opportunity> {
    return find(tx, Opportunity, id);
  }

  private close(id: string, version: number, kind: 'won' | 'lost', caller: Principal, act: (opportunity: Opportunity, stage: { code: string; probability: number }, at: Date) => object): Promise<Opportunity> {
    return this.database.transaction(async (tx) => {
      const opportunity = await lock(tx, Opportunity, id, version);
      opportunity.mustBeOpen();
      const pipeline = await this.pipelines.of(tx, opportunity.pipelineId);
      const now = await this.clock.now(tx);
      const stage = pipeline.admit(opportunity.stage, pipeline.closing(kind).code, await this.facts(tx, opportunity), now);
      const closed = act(opportunity, stage, now.at);
      await enterStage(tx, id, stage.code, caller.subject);
      return this.save(tx, opportunity, closed);
    });
  }

  private async facts(tx: Transaction, opportunity: Opportunity): Promise<OpportunityFacts> {
    const customer = await this.customers.find(tx, opportunity.customerId);
    return { amount: opportunity.amount, expectedCloseOn: opportunity.expectedCloseOn, need: opportunity.need, customerRank: customer?.rank ?? null, ...await countsFor(tx, opportunity.id) };
  }

  private async save(tx: Transaction, opportunity: Opportunity, ...facts: object[]): Promise<Opportunity> {
    const saved = await tx.save(opportunity);
    await this.events.publish(tx, saved, ...facts, saved.state());
    return saved;
  }
}
