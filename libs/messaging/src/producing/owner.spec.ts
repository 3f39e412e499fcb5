import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isDeadNeighbour, neighbourhood, newOwner } from './owner.js';

describe("A relay's name", () => {
  it('tells a process that is gone from one that lives', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    const owner = `${neighbourhood}${child.pid}|x`;
    expect(isDeadNeighbour(owner)).toBe(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isDeadNeighbour(owner)).toBe(true);
  });

  it('of this process, of another machine or of another form says nothing of a death', () => {
    expect(isDeadNeighbour(newOwner())).toBe(false);
    expect(isDeadNeighbour('elsewhere|pid:[1]|1|x')).toBe(false);
    expect(isDeadNeighbour(`${neighbourhood}what|x`)).toBe(false);
  });
});
