import { Injectable } from '@nestjs/common';
import { Database, find, insert, lock, momentOf, notFound, save, type ShownAs } from '@quen/chassis';
import { Money } from '@quen/events';
import { Events, newId, type Transaction } from '@quen/messaging';
import { mustFit, PricesService } from '../../catalogue/prices/prices.service.js';
import { CustomersService } from '../../replicas/customers/customers.service.js';
import { StaffService } from '../../replicas/staff/staff.service.js';
import type { AddContact, OpportunityDetail, OpportunityLineBody } from './opportunities.dto.js';
import { lineViews, stayViews } from './opportunities.queries.js';
import { OpportunityContact, OpportunityLine } from './opportunity-parts.entity.js';
import { Opportunity } from './opportunity.entity.js';

/** What is inside an opportunity: product lines, contacts, and the time in each stage. */
@Injectable()
export class OpportunityPartsService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly prices: PricesService,
    private readonly customers: CustomersService,
    private readonly staff: StaffService,
  ) {}

  /** The opportunity with everything inside it. */
  detail(id: string): Promise<ShownAs<OpportunityDetail>> {
    return this.database.read(async (tx) => this.detailOf(tx, await find(tx, Opportunity, id)));
  }

  /** Replaces the product lines; their sum becomes the amount. */
  replaceLines(
    id: string,
    version: number,
    lines: readonly OpportunityLineBody[],
  ): Promise<ShownAs<OpportunityDetail>> {
    return this.database.transaction(async (tx) => {
      const opportunity = await lock(tx, Opportunity, id, version);
      opportunity.mustBeOpen();
      const made = await this.priced(tx, opportunity, lines);
      await tx.delete(OpportunityLine, { opportunityId: id });
      if (made.length) await tx.insert(OpportunityLine, made);
      opportunity.worth(
        made.length
          ? Money.sum(
              made.map((line) => Money.of(line.amount, opportunity.currency)),
              opportunity.currency,
            )
          : null,
      );
      opportunity.updatedAt = momentOf(tx).at;
      const saved = await save(tx, opportunity);
      await this.events.publish(tx, saved, saved.state());
      return this.detailOf(tx, saved);
    });
  }

  addContact(id: string, body: AddContact): Promise<OpportunityContact> {
    return this.database.transaction(async (tx) => {
      (await lock(tx, Opportunity, id)).mustBeOpen();
      const contact = Object.assign(new OpportunityContact(), {
        id: newId(),
        opportunityId: id,
        name: body.name,
        role: body.role,
        phone: body.phone ?? null,
        email: body.email ?? null,
        note: body.note ?? null,
      });
      return insert(tx, contact);
    });
  }

  removeContact(id: string, contactId: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      (await lock(tx, Opportunity, id)).mustBeOpen();
      const { affected } = await tx.delete(OpportunityContact, { id: contactId, opportunityId: id });
      if (!affected) throw notFound({ what: 'contact', id: contactId });
    });
  }

  private async priced(
    tx: Transaction,
    opportunity: Opportunity,
    lines: readonly OpportunityLineBody[],
  ): Promise<OpportunityLine[]> {
    const customer = await this.customers.find(tx, opportunity.customerId);
    const terms = {
      on: momentOf(tx).today,
      currency: opportunity.currency,
      customerCategory: customer?.category,
      customerRank: customer?.rank,
      branchId: opportunity.branchId,
    };
    mustFit(lines, opportunity.currency, '/lines');
    const open = lines.filter((line) => line.unitPrice === undefined);
    const known = new Map(
      (await this.prices.price(tx, open, terms)).map((price, index) => [open[index], price.unitPrice]),
    );
    await this.prices.mustBeSellable(tx, lines);
    return lines.map((line, index) => {
      const unitPrice = known.get(line) ?? Money.of(line.unitPrice ?? '0', opportunity.currency);
      return Object.assign(new OpportunityLine(), {
        opportunityId: opportunity.id,
        line: index + 1,
        productId: line.productId,
        quantity: line.quantity,
        unitPrice: unitPrice.amount,
        amount: unitPrice.times(line.quantity).amount,
      });
    });
  }

  private async detailOf(tx: Transaction, opportunity: Opportunity): Promise<ShownAs<OpportunityDetail>> {
    const contacts = await tx.find(OpportunityContact, {
      where: { opportunityId: opportunity.id },
      order: { createdAt: 'ASC' },
    });
    return {
      ...opportunity,
      ownerName: await this.staff.nameOf(tx, opportunity.ownerId),
      lines: await lineViews(tx, opportunity.id),
      contacts,
      stays: await stayViews(tx, opportunity.id),
    };
  }
}
