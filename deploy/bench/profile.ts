import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { root } from '../local/settings.js';

/**
 * Where a process spent its time, from a profile of V8: by package, and by function with its own time alone.
 * @returns shares of the time that was not idle, the greatest first
 */
export function summary({
  nodes,
  samples = [],
  timeDeltas = [],
}: {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples?: number[];
  timeDeltas?: number[];
}): { packages: [string, number][]; functions: [string, number][] } {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const packages: Map<string, number> = new Map();
  const functions: Map<string, number> = new Map();
  let busy = 0;
  samples.forEach((id, index) => {
    const frame = frames.get(id);
    const time = timeDeltas[index] ?? 0;
    // beginning to profile takes a while itself
    if (!frame || frame.functionName === '(idle)' || frame.url === 'node:inspector') return;
    busy += time;
    const from = packageOf(frame.url);
    const name = frame.url ? `${frame.functionName || '(anonymous)'} · ${from}` : frame.functionName;
    packages.set(from, (packages.get(from) ?? 0) + time);
    functions.set(name, (functions.get(name) ?? 0) + time);
  });
  const shares = (times: Map<string, number>) =>
    [...times].map(([name, time]) => [name, time / busy] as [string, number]).sort((a, b) => b[1] - a[1]);
  return { packages: shares(packages), functions: shares(functions) };
}

function packageOf(url: string) {
  if (!url) return 'V8 (garbage collection, native)';
  if (url.startsWith('node:')) return 'node';
  const path = url.startsWith('file:') ? fileURLToPath(url) : url;
  const dependency = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1];
  return dependency ?? path.replace(`${root}/`, '').split('/').slice(0, 2).join('/');
}

// `node deploy/dist/bench/profile.js FILE…` prints them
if (process.argv[1] === import.meta.filename) {
  for (const file of process.argv.slice(2)) {
    const { packages, functions } = summary(JSON.parse(readFileSync(file, 'utf8')));
    const lines = (shares: [string, number][], count: number) =>
      shares.slice(0, count).map(([name, share]) => `  ${(share * 100).toFixed(1).padStart(5)} %  ${name}`);
    console.log(
      [file, ' by package', ...lines(packages, 16), ' by function, its own time alone', ...lines(functions, 40)].join(
        '\n',
      ),
    );
  }
}
