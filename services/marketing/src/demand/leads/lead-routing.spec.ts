import { rankChannels, type ChannelCandidate } from './lead-routing.js';

const channel = (code: string, change: Partial<ChannelCandidate> = {}): ChannelCandidate => ({
  id: code,
  code,
  branchId: 'b',
  provinces: [],
  capacityPerDay: 10,
  routedToday: 0,
  costPerLead: '100000',
  expectedOrderValue: '10000000',
  expectedConversion: 0.2,
  expectedMarginRate: 0.3,
  currency: 'VND',
  won: 0,
  lost: 0,
  wonAmount: '0',
  valued: 0,
  sameBranch: false,
  declined: false,
  ...change,
});
const lead = { score: 50, province: 'Hà Nội' };
const order = (...channels: ChannelCandidate[]): string[] =>
  rankChannels(lead, channels).routes.map((route) => route.channel.code);

describe('routing of leads', () => {
  it('explains the expected margin to the đồng', () => {
    const [best] = rankChannels(lead, [
      channel('A', { provinces: ['Hà Nội'], routedToday: 5, won: 10, lost: 10, wonAmount: '200000000', valued: 10 }),
    ]).routes;
    expect(best!.reasons.reduce((sum, reason) => sum + reason.weight, 0)).toBe(Number(best!.expectedMargin));
    expect(best!.reasons.map((reason) => reason.code)).toEqual(['expected', 'experience', 'capacity', 'cost']);
  });

  it('prefers the dearer channel when it sells so much better', () => {
    expect(
      order(
        channel('WEB', { costPerLead: '8000', expectedConversion: 0.025 }),
        channel('BRANCH', { costPerLead: '180000', expectedConversion: 0.22 }),
      ),
    ).toEqual(['BRANCH', 'WEB']);
  });

  it('learns from won and lost leads of the same kind', () => {
    expect(
      order(
        channel('A', { won: 0, lost: 40 }),
        channel('B', { won: 20, lost: 20, wonAmount: '200000000', valued: 20 }),
      ),
    ).toEqual(['B', 'A']);
  });

  it('prefers the near one and the one with room', () => {
    expect(
      order(
        channel('FAR'),
        channel('NEAR', { provinces: ['Hà Nội'] }),
        channel('OWN', { provinces: ['Hà Nội'], sameBranch: true }),
      ),
    ).toEqual(['OWN', 'NEAR', 'FAR']);
    expect(order(channel('FULLER', { routedToday: 9 }), channel('EMPTY'))).toEqual(['EMPTY', 'FULLER']);
  });

  it('leaves out who declined, is full or does not serve the province, and says so', () => {
    const { routes, excluded } = rankChannels(lead, [
      channel('D', { declined: true }),
      channel('F', { routedToday: 10 }),
      channel('P', { provinces: ['Cần Thơ'] }),
      channel('OK'),
    ]);
    expect(routes.map((route) => route.channel.code)).toEqual(['OK']);
    expect(excluded.map((each) => [each.channel.code, each.reason])).toEqual([
      ['D', 'declined'],
      ['F', 'no_capacity'],
      ['P', 'province_not_served'],
    ]);
  });

  it('compares margins of one currency only: of most channels, else of those that can take it', () => {
    const dollars = channel('USD', { currency: 'USD', costPerLead: '4', expectedOrderValue: '400' });
    const ranked = rankChannels(lead, [dollars, channel('A'), channel('B', { routedToday: 10 })]);
    expect(ranked.routes.map((route) => route.channel.code)).toEqual(['A']);
    expect(ranked.excluded.map((each) => [each.channel.code, each.reason])).toEqual([
      ['B', 'no_capacity'],
      ['USD', 'other_currency'],
    ]);
    expect(order(dollars, channel('A', { routedToday: 10 }), channel('B', { declined: true }))).toEqual(['USD']);
  });

  it('learns the value of an order from won leads in its own currency', () => {
    const margin = (change: object): number =>
      Number(rankChannels(lead, [channel('A', { won: 20, lost: 20, ...change })]).routes[0]!.expectedMargin);
    expect(margin({ wonAmount: '200000000', valued: 20 })).toBe(margin({ wonAmount: '0', valued: 0 }));
  });

  it('is settled by the code when margins are equal', () =>
    expect(order(channel('B'), channel('A'))).toEqual(['A', 'B']));

  it('expects more from a better lead', () => {
    const margin = (score: number): number =>
      Number(rankChannels({ ...lead, score }, [channel('A')]).routes[0]!.expectedMargin);
    expect(margin(90)).toBeGreaterThan(margin(50));
    expect(margin(50)).toBeGreaterThan(margin(10));
  });
});
