import { Injectable } from '@nestjs/common';
import {
  bool,
  choice,
  Database,
  defineList,
  find,
  integer,
  invalid,
  lock,
  momentOf,
  page,
  text,
  texts,
  uuid,
  type Page,
  type ParsedList,
} from '@quen/chassis';
import { Money, salesChannels } from '@quen/events';
import { defineProblem, type Transaction } from '@quen/messaging';
import { SalesChannel } from './channel.entity.js';
import type { ChangeChannel, ChannelRecord, CreateChannel } from './channels.dto.js';

const codeTaken = defineProblem('conflict', 'channel_code_taken', {
  en: 'There is a channel {code} already.',
  vi: 'Đã có kênh {code}.',
});

export const channelList = defineList({
  entity: SalesChannel,
  fields: {
    code: text(),
    name: text(),
    kind: choice(salesChannels),
    branchId: uuid(),
    ownerId: uuid(),
    capacityPerDay: integer(),
    provinces: texts(),
    active: bool(),
  },
  sort: ['code', 'name', 'kind'],
  defaultSort: 'code',
  search: ['code', 'name'],
});

/** A channel with what became of its leads. */
export type ChannelWithRecord = SalesChannel & { record: ChannelRecord };

/** How a lead that a channel took was decided. */
export interface Outcome {
  channelId: string;
  category: string;
  converted: number;
  won: number;
  lost: number;
  /** What it was won for. */
  amount?: Money | undefined;
}

/** Sales channels as data. */
@Injectable()
export class ChannelsService {
  constructor(private readonly database: Database) {}

  list(query: ParsedList): Promise<Page<ChannelWithRecord>> {
    return this.database.read(async (tx) => {
      const found = await page(tx, channelList, query);
      return { ...found, data: await this.withRecords(tx, found.data) };
    });
  }

  get(id: string): Promise<ChannelWithRecord> {
    return this.database.read(async (tx) => this.withRecord(tx, await find(tx, SalesChannel, id)));
  }

  /** @throws Problem channel_code_taken */
  create(body: CreateChannel): Promise<ChannelWithRecord> {
    return this.database.transaction(async (tx) => {
      mustShareCurrency(body.costPerLead, body.expectedOrderValue);
      if (await tx.existsBy(SalesChannel, { code: body.code })) throw codeTaken({ code: body.code });
      return this.withRecord(tx, await tx.save(SalesChannel.open(body, momentOf(tx).at)));
    });
  }

  /** @throws Problem channel_code_taken */
  change(id: string, version: number, body: ChangeChannel): Promise<ChannelWithRecord> {
    return this.database.transaction(async (tx) => {
      const channel = await lock(tx, SalesChannel, id, version);
      if (
        body.code !== undefined &&
        body.code !== channel.code &&
        (await tx.existsBy(SalesChannel, { code: body.code }))
      )
        throw codeTaken({ code: body.code });
      mustShareCurrency(
        body.costPerLead ?? Money.of(channel.costPerLead, channel.currency),
        body.expectedOrderValue ?? Money.of(channel.expectedOrderValue, channel.currency),
      );
      const before = channel.currency;
      channel.change(body, momentOf(tx).at);
      // What was won in another currency says nothing of the new one.
      if (channel.currency !== before)
        await tx.query('update channel_record set won_amount = 0, valued = 0 where channel_id = $1', [id]);
      return this.withRecord(tx, await tx.save(channel));
    });
  }

  /** Adds to what is known of a channel's leads. */
  async note(tx: Transaction, outcome: Outcome): Promise<void> {
    await tx.query(
      `
      insert into channel_record (channel_id, category, converted, won, lost, won_amount, valued)
      select id, $2, $3, $4, $5, case when currency = $7 then $6::numeric else 0 end, case when currency = $7 then $4::int else 0 end from sales_channel where id = $1
      on conflict (channel_id, category) do update set converted = channel_record.converted + excluded.converted, won = channel_record.won + excluded.won,
        lost = channel_record.lost + excluded.lost, won_amount = channel_record.won_amount + excluded.won_amount,
        valued = channel_record.valued + excluded.valued`,
      [
        outcome.channelId,
        outcome.category,
        outcome.converted,
        outcome.won,
        outcome.lost,
        outcome.amount?.amount ?? null,
        outcome.amount?.currency ?? null,
      ],
    );
  }

  private async withRecord(tx: Transaction, channel: SalesChannel): Promise<ChannelWithRecord> {
    return (await this.withRecords(tx, [channel]))[0]!;
  }

  private async withRecords(tx: Transaction, channels: SalesChannel[]): Promise<ChannelWithRecord[]> {
    const rows: { id: string; converted: number; won: number; lost: number; amount: string }[] = await tx.query(
      `
      select channel_id as id, sum(converted)::int as converted, sum(won)::int as won, sum(lost)::int as lost, sum(won_amount) as amount
      from channel_record where channel_id = any($1) group by 1`,
      [channels.map((channel) => channel.id)],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return channels.map((channel) => {
      const { converted = 0, won = 0, lost = 0, amount = '0' } = byId.get(channel.id) ?? {};
      return Object.assign(channel, {
        record: { converted, won, lost, wonAmount: Money.of(amount, channel.currency) },
      });
    });
  }
}

function mustShareCurrency(cost: Money, value: Money): void {
  if (cost.currency !== value.currency)
    throw invalid({
      pointer: '/expectedOrderValue/currency',
      code: 'other_currency',
      message: `must be ${cost.currency}, the currency of the cost`,
      vi: `phải là ${cost.currency}, loại tiền của chi phí`,
    });
}
