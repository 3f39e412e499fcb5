import { Branch, maximumDepth } from './branch.entity.js';

const open = (id: string, parent: Branch | null = null) =>
  Branch.open(id, { code: id.toUpperCase(), name: id }, parent);

describe('branch', () => {
  it('stands below its parent', () => {
    const root = open('root');
    const child = open('child', root);
    expect(child).toMatchObject({ parentId: 'root', path: 'root.child', active: true });
  });

  it('moves with its path, but never below itself', () => {
    const root = open('root');
    const north = open('north', root);
    const hanoi = open('hanoi', north);
    expect(hanoi.moveTo(root, 0)).toBe('root.north.hanoi');
    expect(hanoi.path).toBe('root.hanoi');
    expect(() => root.moveTo(hanoi, 1)).toThrow(/branch_below_itself/);
    expect(() => root.moveTo(root, 1)).toThrow(/branch_below_itself/);
  });

  it('does not take a branch whose id merely begins alike for its own', () => {
    const one = open('a');
    const two = open('ab');
    expect(() => one.moveTo(two, 0)).not.toThrow();
  });

  it('refuses a tree that is too deep, counting what hangs below a moved branch', () => {
    let deepest = open('l1');
    for (let level = 2; level <= maximumDepth; level++) deepest = open(`l${level}`, deepest);
    expect(() => open('more', deepest)).toThrow(/branch_too_deep/);
    expect(() => open('other').moveTo(open('parent'), maximumDepth - 1)).toThrow(/branch_too_deep/);
  });

  it('closes only when nothing is at work in it, and nothing opens below a closed one', () => {
    const root = open('root');
    expect(() => root.close(true)).toThrow(/branch_in_use/);
    root.close(false);
    expect(() => open('child', root)).toThrow(/branch_closed/);
    const child = open('child');
    child.close(false);
    expect(() => child.reopen(root)).toThrow(/branch_closed/);
  });
});
