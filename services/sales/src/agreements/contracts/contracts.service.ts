import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  date,
  decimal,
  defineList,
  Every,
  find,
  instant,
  lock,
  momentOf,
  nextCode,
  page,
  recordedDay,
  rows,
  save,
  text,
  uuid,
  type Numbering,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import { Money } from '@quen/events';
import { Events, newId, type Transaction } from '@quen/messaging';
import { OpportunitiesService } from '../../pipeline/opportunities/opportunities.service.js';
import { QuotesService, type AgreedLine, type QuoteWithLines } from '../quotes/quotes.service.js';
import { Contract, ContractHistory, contractStatuses, type ContractFields } from './contract.entity.js';
import type { ContractDetail, CreateContract, EndContract, SignContract } from './contracts.dto.js';
import { callOff, type CalledOff, type Drawn, type Wanted } from './draw-down.js';

export const contracts = defineList({
  entity: Contract,
  fields: {
    status: choice(contractStatuses),
    code: text(),
    title: text(),
    customerId: uuid(),
    quoteId: uuid(),
    opportunityId: uuid(),
    branchId: uuid(),
    ownerId: uuid(),
    total: decimal(),
    startsOn: date(),
    endsOn: date(),
    updatedAt: instant(),
  },
  sort: ['updatedAt', 'createdAt', 'endsOn', 'code', 'total'],
  defaultSort: '-createdAt',
  search: ['code', 'title'],
});

const contractCodes: Numbering = { sequence: 'contract_code', form: 'HD{yy}-{000000}' };
const expiredAtOnce = 200;

/** Contracts from drafting to end. */
@Injectable()
export class ContractsService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly quotes: QuotesService,
    private readonly opportunities: OpportunitiesService,
  ) {}

  list(query: ParsedList): Promise<Page<Contract>> {
    return this.database.read((tx) => page(tx, contracts, query));
  }

  get(id: string): Promise<ShownAs<ContractDetail>> {
    return this.database.read(async (tx) => this.detail(tx, await find(tx, Contract, id)));
  }

  /** Drafts a contract on what an accepted quote says. @throws Problem quote_not_accepted, quote_sold */
  create({ quoteId, ...fields }: CreateContract, caller: Principal): Promise<ShownAs<ContractDetail>> {
    return this.database.transaction(async (tx) => {
      const { quote } = await this.quotes.unsold(tx, quoteId);
      const { opportunityId, leadId, campaignId, customerId, branchId, ownerId, currency, total } = quote;
      const contract = Object.assign(new Contract(), {
        id: newId(),
        code: await nextCode(tx, contractCodes),
        quoteId,
        opportunityId,
        leadId,
        campaignId,
        customerId,
        branchId,
        ownerId,
        currency,
        total,
        status: 'draft',
        title: '',
        terms: null,
        startsOn: null,
        endsOn: null,
        signedOn: null,
        signedBy: null,
        endedOn: null,
        endedHow: null,
        endReason: null,
      });
      contract.change(fields);
      return this.save(tx, contract, 'drafted', { quoteId }, caller.subject);
    });
  }

  update(id: string, version: number, fields: ContractFields, caller: Principal): Promise<ShownAs<ContractDetail>> {
    return this.database.transaction(async (tx) => {
      const contract = await lock(tx, Contract, id, version);
      const before = Object.fromEntries(
        Object.keys(fields).map((name) => [name, contract[name as keyof ContractFields]]),
      );
      contract.change(fields);
      return this.save(tx, contract, 'changed', { before, after: fields }, caller.subject);
    });
  }

  sign(id: string, version: number, body: SignContract, caller: Principal): Promise<ShownAs<ContractDetail>> {
    return this.database.transaction(async (tx) => {
      const contract = await lock(tx, Contract, id, version);
      const signedOn = recordedDay(body.signedOn, momentOf(tx).today);
      await this.opportunities.mustBeAlive(tx, contract.opportunityId);
      const signed = contract.sign(signedOn, body.signedBy, body.startsOn);
      return this.save(tx, contract, 'signed', { signedOn, signedBy: body.signedBy }, caller.subject, signed);
    });
  }

  end(id: string, version: number, body: EndContract, caller: Principal): Promise<ShownAs<ContractDetail>> {
    return this.database.transaction(async (tx) => {
      const contract = await lock(tx, Contract, id, version);
      const endedOn = recordedDay(body.endedOn, momentOf(tx).today);
      contract.mayEnd(body.how, endedOn);
      const ended = contract.end(body.how, endedOn, body.reason);
      return this.save(tx, contract, 'ended', { ...body, endedOn }, caller.subject, ended);
    });
  }

  /** Ends the contracts whose last day is over. */
  @Every('PT10M', 'contract-expiry')
  async expire(): Promise<void> {
    while ((await this.expireSome()) === expiredAtOnce);
  }

  /**
   * What an order under a contract takes of it, on a day on which it holds; the contract stays locked, so that two
   * orders at once do not take the same.
   * @throws Problem contract_not_signed, order_outside_contract, and those of {@link callOff}
   */
  async callOff(
    tx: Transaction,
    id: string,
    day: string,
    wanted: readonly Wanted[] | undefined,
  ): Promise<{ contract: Contract; quote: QuoteWithLines['quote']; lines: CalledOff[] }> {
    const contract = await lock(tx, Contract, id);
    contract.mustHoldOn(day);
    const agreed = await this.quotes.agreed(tx, contract.quoteId);
    const lines: AgreedLine[] = this.quotes.agreedLines(agreed);
    return {
      contract,
      quote: agreed.quote,
      lines: callOff(contract.code, lines, await this.drawn(tx, contract), wanted),
    };
  }

  /**
   * Locked, in force and open on that day, for a draft order under it that is confirmed. @throws Problem
   * contract_not_signed, order_outside_contract
   */
  async mustHold(tx: Transaction, id: string | null, day: string): Promise<void> {
    if (id) (await lock(tx, Contract, id)).mustHoldOn(day);
  }

  /** What all orders under the contract took, whoever has them by now. */
  private async drawn(tx: Transaction, { id, currency }: Contract): Promise<Drawn> {
    const [row] = await this.database.elevated(() =>
      rows<{ amount: string; lines: number; quantities: Record<string, string> }>(
        tx,
        `with called as (select id, total - credited as amount from sales_order where contract_id = $1 and status <> 'cancelled'),
            taken as (select product_id, trim_scale(sum(quantity - returned))::text as quantity, count(*)::int as lines from order_line where order_id in (select id from called) group by 1)
       select (select coalesce(sum(amount), 0)::text from called) as amount, (select coalesce(sum(lines), 0)::int from taken) as lines,
              (select coalesce(jsonb_object_agg(product_id, quantity), '{}') from taken) as quantities`,
        [id],
      ),
    );
    if (!row) throw new Error('A query without a group gives one row');
    return {
      amount: Money.of(row.amount, currency),
      lines: row.lines,
      quantities: new Map(Object.entries(row.quantities)),
    };
  }

  private expireSome(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const { today } = momentOf(tx);
      const due = await tx
        .createQueryBuilder(Contract, 'c')
        .where(`c.status = 'signed' and c.endsOn < :today`, { today })
        .orderBy('c.endsOn')
        .limit(expiredAtOnce)
        .setLock('pessimistic_write')
        .setOnLocked('skip_locked')
        .getMany();
      for (const contract of due) {
        const ended = contract.end('expired', contract.endsOn ?? today, undefined);
        await this.save(tx, contract, 'ended', { how: 'expired' }, 'system', ended);
      }
      return due.length;
    });
  }

  private async save(
    tx: Transaction,
    contract: Contract,
    what: ContractHistory['what'],
    detail: Record<string, unknown>,
    by: string,
    ...facts: object[]
  ): Promise<ShownAs<ContractDetail>> {
    const saved = await save(tx, contract);
    await tx.insert(ContractHistory, { contractId: saved.id, what, detail, by } as object);
    await this.events.publish(tx, saved, ...facts, saved.state());
    return this.detail(tx, saved);
  }

  private async detail(tx: Transaction, contract: Contract): Promise<ShownAs<ContractDetail>> {
    const history = await tx.find(ContractHistory, { where: { contractId: contract.id }, order: { id: 'DESC' } });
    return { ...contract, history };
  }
}
