import { CustomerState, Money } from '@quen/events';
import { anInsight, eventually, type Json } from '@quen/testing';
import { Customers } from '../customers.it-support.js';

let customers: Customers;
beforeAll(async () => {
  customers = await Customers.start();
});
afterAll(() => customers?.stop());

it('shows rank and value that analytics calculated, and never an older one', async () => {
  const { id } = (await customers.register(customers.manager, { displayName: 'Đỗ Thị Ánh Ngọc' })).body;
  const insight = (version: number, rank: 'gold' | 'bronze') =>
    anInsight(id, { version, rank, lifetimeValue: Money.of('12000000') });
  await customers.service.receive(insight(2, 'gold'));
  await eventually(async () =>
    expect((await customers.manager.get(`/v1/customers/${id}`)).body.insight).toMatchObject({
      rank: 'gold',
      lifetimeValue: { amount: '12000000', currency: 'VND' },
    }),
  );
  await customers.service.receive(insight(1, 'bronze'));
  await customers.service.receive(insight(3, 'gold'));
  await eventually(async () =>
    expect(
      await customers.service.sql('select version::int, rank from customer_insight where customer_id = $1', [id]),
    ).toEqual([{ version: 3, rank: 'gold' }]),
  );
});

describe('the life-cycle stage', () => {
  let version = 0;
  const bought = (customerId: string, orders: number, lastOrderOn: string, recencyScore = 5): Promise<void> =>
    customers.service.receive(
      anInsight(customerId, { version: (version += 1), orders, firstOrderOn: '2024-01-02', lastOrderOn, recencyScore }),
    );
  const states = async (id: string): Promise<string[]> =>
    (await customers.service.bus.published(CustomerState))
      .filter(({ key }) => key === id)
      .map(({ data: { lifecycle } }) => lifecycle);
  const say = (id: string, lifecycle: string) => customers.correct(customers.manager, id, { lifecycle });

  it('follows what was bought, and the customer is published once a move', async () => {
    const {
      body: { id, updatedAt },
    } = await customers.register(customers.manager, { displayName: 'Trần Mua Dần' });
    await bought(id, 1, '2024-01-02', 1);
    await eventually(async () => expect(await states(id)).toEqual(['prospect', 'dormant']));
    await bought(id, 2, '2026-10-01');
    await eventually(async () => expect(await states(id)).toEqual(['prospect', 'dormant', 'won-back']));
    await bought(id, 2, '2026-10-01', 4);
    await bought(id, 3, '2026-11-01');
    await bought(id, 3, '2026-11-01', 4);
    await bought(id, 4, '2026-11-02');
    await eventually(async () =>
      expect((await customers.manager.get(`/v1/customers/${id}`)).body).toMatchObject({
        lifecycle: 'repeat',
        insight: { orders: 4 },
      }),
    );
    expect(await states(id)).toEqual(['prospect', 'dormant', 'won-back', 'repeat']);
    const { body } = await customers.manager.get(`/v1/customers/${id}`);
    expect([body.version, body.updatedAt > updatedAt]).toEqual([4, true]);
    expect(
      (await customers.manager.get('/v1/customers?filter[lifecycle]=repeat')).body.data.map((each: Json) => each.id),
    ).toContain(id);
    // Older figures that come again change nothing.
    version -= 4;
    await bought(id, 1, '2024-01-02', 1);
    version += 10;
    await bought(id, 5, '2026-11-03');
    await eventually(async () =>
      expect(await states(id)).toEqual(['prospect', 'dormant', 'won-back', 'repeat', 'frequent']),
    );
  });

  it('is said by people only where facts cannot know it', async () => {
    const {
      body: { id },
    } = await customers.register(customers.manager, { displayName: 'Trần Bỏ Đi' });
    await bought(id, 2, '2026-11-01');
    await eventually(async () =>
      expect((await customers.manager.get(`/v1/customers/${id}`)).body.lifecycle).toBe('repeat'),
    );
    expect(await say(id, 'loyal')).toMatchObject({
      status: 422,
      body: { code: 'lifecycle_follows_facts', stage: 'repeat', errors: [{ pointer: '/lifecycle' }] },
    });
    expect(await say(id, 'lost')).toMatchObject({ status: 200, body: { lifecycle: 'lost' } });
    await bought(id, 2, '2026-11-01', 4);
    await eventually(async () =>
      expect(
        await customers.service.sql(
          `select state->>'recencyScore' as score from customer_insight where customer_id = $1`,
          [id],
        ),
      ).toEqual([{ score: '4' }]),
    );
    expect((await customers.manager.get(`/v1/customers/${id}`)).body.lifecycle).toBe('lost');
    expect(await say(id, 'repeat')).toMatchObject({ status: 200, body: { lifecycle: 'repeat' } });
    expect(await customers.register(customers.manager, { displayName: 'Trần Mới', lifecycle: 'loyal' })).toMatchObject({
      status: 422,
      body: { code: 'lifecycle_follows_facts' },
    });
    expect(
      await customers.register(customers.manager, { displayName: 'Trần Mới', lifecycle: 'prospect' }),
    ).toMatchObject({ status: 201 });
  });
});
