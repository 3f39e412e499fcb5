import { Injectable } from '@nestjs/common';
import { choice, Database, date, decimal, defineList, Every, find, instant, lock, type Page, page, type ParsedList, type Principal, text, uuid } from '@quen/chassis';
import { Events, newId, type Transaction } from '@quen/messaging';
import { Clock } from '../clock/clock.service.js';
import { nextCode } from '../codes/codes.service.js';
import { QuotesService, type QuoteWithLines } from '../quotes/quotes.service.js';
import { Contract, type ContractFields, ContractHistory, contractStatuses } from './contract.entity.js';
import { ContractDetail, ContractHistoryView, ContractView, type CreateContract, type EndContract, type SignContract } from './contracts.dto.js';

export const contracts = defineList({
  entity: Contract,
  fields: {
    status: choice(contractStatuses), code: text(), title: text(), customerId: uuid(), quoteId: uuid(), opportunityId: uuid(), branchId: uuid(), ownerId: uuid(), total: decimal(),
    startsOn: date(), endsOn: date(), updatedAt: instant(),
  },
  sort: ['updatedAt', 'createdAt', 'endsOn', 'code', 'total'], defaultSort: '-createdAt', search: ['code', 'title'],
});

const expiredAtOnce = 200;

/** Contracts from drafting to end. */
@Injectable()
export class ContractsService {
  constructor(private readonly database: Database, private readonly events: Events, private readonly clock: Clock, private readonly quotes: QuotesService) {}

  list(query: ParsedList): Promise<Page<Contract>> {
    return this.database.read((tx) => page(tx, contracts, query));
  }

  get(id: string): Promise<ContractDetail> {
    return this.database.read(async (tx) => this.detail(tx, await find(tx, Contract, id)));
  }

  /** Drafts a contract on what an accepted quote says. @throws Problem quote_not_accepted */
  create({ quoteId, ...fields }: CreateContract, caller: Principal): Promise<ContractDetail> {
    return this.database.transaction(async (tx) => {
      const { quote } = await this.quotes.accepted(tx, quoteId);
      const { today } = await this.clock.now(tx);
      const { opportunityId, leadId, campaignId, customerId, branchId, ownerId, currency, total } = quote;
      const contract = Object.assign(new Contract(), {
        id: newId(), code: await nextCode(tx, 'contract', today), quoteId, opportunityId, leadId, campaignId, customerId, branchId, ownerId, currency, total, status: 'draft', title: '', terms: null,
        startsOn: null, endsOn: null, signedOn: null, signedBy: null, endedOn: null, endedHow: null, endReason: null,
      });
      contract.change(fields);
      return this.save(tx, contract, 'drafted', { quoteId }, caller.subject);
    });
  }

  update(id: string, version: number, fields: ContractFields, caller: Principal): Promise<ContractDetail> {
    return this.database.transaction(async (tx) => {
      const contract = await lock(tx, Contract, id, version);
      const before = Object.fromEntries(Object.keys(fields).map((name) => [name, contract[name as keyof ContractFields]]));
      contract.change(fields);
      return this.save(tx, contract, 'changed', { before, after: fields }, caller.subject);
    });
  }

  sign(id: string, version: number, body: SignContract, caller: Principal): Promise<ContractDetail> {
    return this.database.transaction(async (tx) => {
      const contract = await lock(tx, Contract, id, version);
      const signedOn = body.signedOn ?? (await this.clock.now(tx)).today;
      const signed = contract.sign(signedOn, body.signedBy, body.startsOn);
      return this.save(tx, contract, 'signed', { signedOn, signedBy: body.signedBy }, caller.subject, signed);
    });
  }

  end(id: string, version: number, body: EndContract, caller: Principal): Promise<ContractDetail> {
    return this.database.transaction(async (tx) => {
      const contract = await lock(tx, Contract, id, version);
      const endedOn = body.endedOn ?? (await this.clock.now(tx)).today;
      const ended = contract.end(body.how, endedOn, body.reason);
      return this.save(tx, contract, 'ended', { ...body, endedOn }, caller.subject, ended);
    });
  }

  /** Ends the contracts whose last day is over. */
  @Every('PT10M', 'contract-expiry')
  async expire(): Promise<void> {
    while (await this.expireSome() === expiredAtOnce);
  }

  /** A contract in force with what its quote says, for an order under it. @throws Problem contract_not_signed */
  async inForce(tx: Transaction, id: string): Promise<{ contract: Contract; agreed: QuoteWithLines }> {
    const contract = await lock(tx, Contract, id);
    contract.mustBeSigned();
    return { contract, agreed: await this.quotes.accepted(tx, contract.quoteId) };
  }

  private expireSome(): Promise<number> {
    return this.database.transaction(async (tx) => {
      const { today } = await this.clock.now(tx);
      const due = await tx.createQueryBuilder(Contract, 'c').where(`c.status = 'signed' and c.endsOn < :today`, { today })
        .orderBy('c.endsOn').limit(expiredAtOnce).setLock('pessimistic_write').setOnLocked('skip_locked').getMany();
      for (const contract of due) {
        const ended = contract.end('expired', contract.endsOn ?? today, undefined);
        await this.save(tx, contract, 'ended', { how: 'expired' }, 'system', ended);
      }
      return due.length;
    });
  }

  private async save(tx: Transaction, contract: Contract, what: ContractHistory['what'], detail: Record<string, unknown>, by: string, ...facts: object[]): Promise<ContractDetail> {
    const saved = await tx.save(contract);
    await tx.insert(ContractHistory, { contractId: saved.id, what, detail, byId: by } as object);
    await this.events.publish(tx, saved, ...facts, saved.state());
    return this.detail(tx, saved);
  }

  private async detail(tx: Transaction, contract: Contract): Promise<ContractDetail> {
    const history = await tx.find(ContractHistory, { where: { contractId: contract.id }, order: { id: 'DESC' } });
    return { ...ContractView.of(contract), history: history.map((each) => ContractHistoryView.of(each)) };
  }
}
