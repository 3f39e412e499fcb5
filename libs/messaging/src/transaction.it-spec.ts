import { newId } from './ids.js';
import { Lab } from './testing/lab.js';
import {
  afterCommit,
  currentTransaction,
  inSavepoint,
  inTransaction,
  isOpen,
  type Transaction,
} from './transaction.js';

describe('A transaction', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open(undefined, false);
  });
  afterAll(() => lab.close());

  const insert = async (tx: Transaction, id = newId()): Promise<string> => {
    await tx.query(`insert into counter (id, version) values ($1, 1)`, [id]);
    return id;
  };
  const exists = async (id: string): Promise<boolean> =>
    (await lab.db.query<unknown[]>(`select 1 from counter where id = $1`, [id])).length === 1;

  it('commits, then runs its hooks, none of which can harm it', async () => {
    const seen: unknown[] = [];
    const id = await inTransaction(
      lab.db,
      async (tx) => {
        const made = await insert(tx);
        afterCommit(tx, () => {
          throw new Error('hook');
        });
        afterCommit(tx, async () => void seen.push(await exists(made), currentTransaction()));
        return made;
      },
      { onHookError: (error) => seen.push((error as Error).message) },
    );
    expect(await exists(id)).toBe(true);
    expect(seen).toEqual(['hook', true, undefined]);
  });

  it('rolls back with the error, without its hooks', async () => {
    const id = newId();
    let ran = false;
    await expect(
      inTransaction(lab.db, async (tx) => {
        await insert(tx, id);
        afterCommit(tx, () => {
          ran = true;
        });
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect([await exists(id), ran]).toEqual([false, false]);
  });

  it('is joined by the calls inside it', async () => {
    const begins: string[] = [];
    await inTransaction(
      lab.db,
      async (outer) => {
        await inTransaction(lab.db, async (inner) => expect(inner).toBe(outer), {
          begin: async () => void begins.push('inner'),
        });
        expect(currentTransaction(lab.db)).toBe(outer);
      },
      { begin: async () => void begins.push('outer') },
    );
    expect(begins).toEqual(['outer']);
    expect(currentTransaction()).toBeUndefined();
  });

  it('cannot commit when a joined part failed, even if nobody minded', async () => {
    const id = newId();
    await expect(
      inTransaction(lab.db, async (tx) => {
        await insert(tx, id);
        await inTransaction(lab.db, async () => {
          throw new Error('part');
        }).catch(() => undefined);
      }),
    ).rejects.toThrow('part');
    expect(await exists(id)).toBe(false);
  });

  it('cannot commit when a statement failed, even if nobody minded', async () => {
    await expect(
      inTransaction(lab.db, async (tx) => {
        await tx.query('select 1 / 0').catch(() => undefined);
      }),
    ).rejects.toThrow('swallowed');
  });

  it('survives a savepoint that failed', async () => {
    const kept = newId();
    const lost = newId();
    const hooks: string[] = [];
    await inTransaction(lab.db, async (tx) => {
      await insert(tx, kept);
      await expect(
        inSavepoint(tx, async () => {
          await insert(tx, lost);
          afterCommit(tx, () => void hooks.push('lost'));
          await inTransaction(lab.db, () => tx.query('select 1 / 0'));
        }),
      ).rejects.toThrow('division by zero');
      afterCommit(tx, () => void hooks.push('kept'));
    });
    expect([await exists(kept), await exists(lost), hooks]).toEqual([true, false, ['kept']]);
  });

  it('is over when its work is: what runs on begins one of its own', async () => {
    let late: Promise<Transaction> | undefined;
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const first = await inTransaction(lab.db, async (tx) => {
      late = gate.then(() => inTransaction(lab.db, async (own) => own));
      return tx;
    });
    release();
    expect(await late).not.toBe(first);
    expect(isOpen(first)).toBe(false);
    expect(() => afterCommit(first, () => undefined)).toThrow('open transaction');
  });
});
