import { ApiProperty } from '@nestjs/swagger';
import { Money } from '@quen/events';
import { shape, type ShownAs } from './shape.js';

class LineView {
  @ApiProperty() product!: string;
  @ApiProperty() amount!: Money;
}

class OrderView {
  @ApiProperty() id!: string;
  @ApiProperty() total!: Money;
  @ApiProperty({ type: () => [LineView] }) lines!: LineView[];
  @ApiProperty() balance!: Money;
  @ApiProperty({ required: false }) note?: string;
  @ApiProperty() confirmedAt!: Date | null;
}

/** A row as the database has it, with more than is shown. */
class Order {
  readonly id = '1';
  readonly currency = 'USD';
  readonly total = '12.50';
  readonly cost = '3.00';
  readonly confirmedAt = new Date('2026-11-01T00:00:00Z');
  readonly lines = [{ product: 'cement', amount: '12.50', cost: '3.00' }];

  balance(): Money {
    return Money.of(this.total, this.currency);
  }
}

describe('the shape of an answer', () => {
  const order: ShownAs<OrderView> = new Order();

  it('is the documented fields and nothing else', () => {
    expect(JSON.parse(JSON.stringify(shape(OrderView, order)))).toEqual({
      id: '1',
      total: { amount: '12.5', currency: 'USD' },
      lines: [{ product: 'cement', amount: { amount: '12.5', currency: 'USD' } }],
      balance: { amount: '12.5', currency: 'USD' },
      confirmedAt: '2026-11-01T00:00:00.000Z',
    });
  });

  it('is of the class that describes it, and keeps what is none of its own', () => {
    expect(shape(OrderView, order)).toBeInstanceOf(OrderView);
    expect(shape(OrderView, null)).toBeNull();
    expect(shape(class {}, { any: 1 })).toEqual({ any: 1 });
  });

  it('is not taken from what lacks a field', () => {
    // @ts-expect-error the total is missing
    const wrong: ShownAs<OrderView> = { id: '1', lines: [], balance: '0', confirmedAt: null };
    expect(shape(OrderView, wrong)).not.toHaveProperty('total');
  });
});
