import { services } from '../local/settings.js';
import { programsIn, slicesOf, undeclaredTables } from './slice-tables.js';

describe('the SQL of slices', () => {
  it.each(services)("of %s names a slice's own tables and those that it declares", async (service) => {
    expect(undeclaredTables(await slicesOf(service), programsIn)).toEqual([]);
  });

  it('is refused where it names another table', () => {
    const slice = (name: string, tables: object) => ({
      name,
      folder: name,
      owns: [],
      reads: [],
      writes: [],
      ...tables,
    });
    const slices = [
      slice('Plans', { owns: ['plan'], reads: ['deal'], writes: ['deal_line'] }),
      slice('Deals', { owns: ['deal', 'deal_line', 'plan'] }),
      slice('Reports', { reads: ['plan'] }),
    ];
    const programs: Record<string, string> = {
      Plans: 'tx.query(`select ${columns} from plan join deal on ${on}`); tx.query("update deal set plan_id = $1")',
      Deals: 'tx.query("with line as (select 1) select from line")',
      Reports: "tx.query('delete from deal_line using plan where true')",
    };
    expect(undeclaredTables(slices, ({ name }) => programs[name] ?? '')).toEqual([
      'two slices own plan',
      'Plans writes deal',
      'Plans never writes deal_line',
      'Reports writes deal_line',
    ]);
  });
});
