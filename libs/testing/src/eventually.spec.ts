import { eventually } from './eventually.js';

describe('eventually', () => {
  it('returns what the first successful attempt returns', async () => {
    let tries = 0;
    await expect(
      eventually(
        () => {
          if (++tries < 3) throw new Error('not yet');
          return tries;
        },
        { everyMs: 1 },
      ),
    ).resolves.toBe(3);
  });

  it('throws the last failure when the time is over', async () => {
    let tries = 0;
    await expect(
      eventually(
        () => {
          throw new Error(`try ${++tries}`);
        },
        { timeoutMs: 20, everyMs: 5 },
      ),
    ).rejects.toThrow(/try [2-9]/);
  });
});
