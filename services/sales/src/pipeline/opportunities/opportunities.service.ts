import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  date,
  decimal,
  defineList,
  find,
  instant,
  lock,
  momentOf,
  page,
  rows,
  save,
  text,
  uuid,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { Events, type Transaction } from '@quen/messaging';
import { CustomersService } from '../../replicas/customers/customers.service.js';
import { StaffService } from '../../replicas/staff/staff.service.js';
import { PipelinesService, type OpportunityFacts } from '../pipelines/pipelines.service.js';
import type { CreateOpportunity, UpdateOpportunity } from './opportunities.dto.js';
import { countsFor, enterStage, saleOf, stagesOf } from './opportunities.queries.js';
import {
  Opportunity,
  opportunityLost,
  opportunitySold,
  opportunityStatuses,
  useWinOrLose,
  type OpportunityBeginning,
} from './opportunity.entity.js';

export type { Opportunity } from './opportunity.entity.js';

export const opportunities = defineList({
  entity: Opportunity,
  fields: {
    status: choice(opportunityStatuses),
    stage: text(),
    pipelineId: uuid(),
    customerId: uuid(),
    leadId: uuid(),
    campaignId: uuid(),
    branchId: uuid(),
    ownerId: uuid(),
    name: text(),
    amount: decimal(),
    expectedCloseOn: date(),
    createdAt: instant(),
    updatedAt: instant(),
    closedAt: instant(),
  },
  sort: ['updatedAt', 'createdAt', 'expectedCloseOn', 'amount', 'name'],
  defaultSort: '-createdAt',
  search: ['name', 'need'],
});

/** Opportunities on their way through a pipeline. */
@Injectable()
export class OpportunitiesService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly pipelines: PipelinesService,
    private readonly customers: CustomersService,
    private readonly staff: StaffService,
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
  async open(
    tx: Transaction,
    beginning: Omit<OpportunityBeginning, 'pipelineId'> & { pipelineId?: string },
    by: string,
  ): Promise<Opportunity> {
    const pipeline = await this.pipelines.forNew(tx, beginning.pipelineId);
    const { opportunity, opened } = Opportunity.open(
      { ...beginning, pipelineId: pipeline.id },
      pipeline.first(),
      momentOf(tx).at,
    );
    const saved = await save(tx, opportunity);
    await enterStage(tx, saved.id, saved.stage, by);
    await this.events.publish(tx, saved, opened, saved.state());
    return saved;
  }

  update(id: string, version: number, { ownerId, ...fields }: UpdateOpportunity): Promise<Opportunity> {
    return this.database.transaction(async (tx) => {
      const opportunity = await lock(tx, Opportunity, id, version);
      const { lines, quotes } = await countsFor(tx, id);
      const assignment = ownerId && ownerId !== opportunity.ownerId ? await this.staff.assignment(tx, ownerId) : {};
      opportunity.change({ ...fields, ...assignment }, lines, quotes);
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
      const now = momentOf(tx);
      const target = pipeline.admit(opportunity.stage, stage, await this.facts(tx, opportunity), now);
      const moved = opportunity.move(target, now.at);
      await enterStage(tx, id, target.code, caller.subject);
      return this.save(tx, opportunity, moved);
    });
  }

  /** Closes as won, if the pipeline's winning stage admits it. */
  win(id: string, version: number, reason: string | undefined, caller: Principal): Promise<Opportunity> {
    return this.close(id, version, 'won', reason, caller, (opportunity, stage, at) =>
      opportunity.win(stage, reason, at),
    );
  }

  /** Closes as lost. @throws Problem opportunity_sold */
  lose(id: string, version: number, reason: string, caller: Principal): Promise<Opportunity> {
    return this.close(id, version, 'lost', reason, caller, (opportunity, stage, at) =>
      opportunity.lose(stage, reason, at),
    );
  }

  /**
   * Takes a lost one up again where it was lost; a stage that the pipeline no longer has gives way to the first.
   * @throws Problem opportunity_not_lost
   */
  reopen(id: string, version: number, reason: string, caller: Principal): Promise<Opportunity> {
    return this.database.transaction(async (tx) => {
      const opportunity = await lock(tx, Opportunity, id, version);
      const pipeline = await this.pipelines.of(tx, opportunity.pipelineId);
      const open = (await stagesOf(tx, id)).flatMap((code) =>
        pipeline.stages.filter((stage) => stage.code === code && stage.kind === 'open'),
      );
      const stage = open[0] ?? pipeline.first();
      const reopened = opportunity.reopen(stage, reason, momentOf(tx).at);
      await enterStage(tx, id, stage.code, caller.subject, reason);
      return this.save(tx, opportunity, reopened);
    });
  }

  /**
   * The opportunity inside the caller's reach, for a document that is made from it. @throws Problem opportunity_lost
   */
  async of(tx: Transaction, id: string): Promise<Opportunity> {
    const opportunity = await find(tx, Opportunity, id);
    await this.mustBeAlive(tx, id);
    return opportunity;
  }

  /**
   * Nothing is offered or sold on an opportunity that was lost. It stays as it is until the transaction ends, so that
   * nobody loses it meanwhile;
   * whom it belongs to by now is no matter. @throws Problem opportunity_lost
   */
  async mustBeAlive(tx: Transaction, id: string | null): Promise<void> {
    if (id === null) return;
    const [found] = await this.database.elevated(() =>
      rows<{ status: string }>(tx, 'select status from opportunity where id = $1 for share', [id]),
    );
    if (found?.status === 'lost') throw opportunityLost();
  }

  private close(
    id: string,
    version: number,
    kind: 'won' | 'lost',
    reason: string | undefined,
    caller: Principal,
    act: (opportunity: Opportunity, stage: { code: string; probability: number }, at: Date) => object,
  ): Promise<Opportunity> {
    return this.database.transaction(async (tx) => {
      const opportunity = await lock(tx, Opportunity, id, version);
      opportunity.mustBeOpen();
      const sale = kind === 'lost' ? await this.database.elevated(() => saleOf(tx, id)) : undefined;
      if (sale) throw opportunitySold({ document: sale });
      const pipeline = await this.pipelines.of(tx, opportunity.pipelineId);
      const now = momentOf(tx);
      const stage = pipeline.admit(
        opportunity.stage,
        pipeline.closing(kind).code,
        await this.facts(tx, opportunity),
        now,
      );
      const closed = act(opportunity, stage, now.at);
      await enterStage(tx, id, stage.code, caller.subject, reason);
      return this.save(tx, opportunity, closed);
    });
  }

  private async facts(tx: Transaction, opportunity: Opportunity): Promise<OpportunityFacts> {
    const customer = await this.customers.find(tx, opportunity.customerId);
    return {
      amount: opportunity.amount,
      expectedCloseOn: opportunity.expectedCloseOn,
      need: opportunity.need,
      customerRank: customer?.rank ?? null,
      ...(await countsFor(tx, opportunity.id)),
    };
  }

  private async save(tx: Transaction, opportunity: Opportunity, ...facts: object[]): Promise<Opportunity> {
    const saved = await save(tx, opportunity);
    await this.events.publish(tx, saved, ...facts, saved.state());
    return saved;
  }
}
