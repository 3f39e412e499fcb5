import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { launch, stop, untilReady } from '@quen/engines';
import { root } from '../local/settings.js';

const kept = join(root, '.local/cache/prometheus');

type Programs = { prometheus: string; promtool: string };

/**
 * Prometheus and promtool: those of the machine, else those that install-prometheus.sh put or now puts into .local.
 * @returns missing: why there are none
 */
export function findPrometheus(): Programs | { missing: string } {
  const folder = [...(process.env.PATH ?? '').split(delimiter), kept].find(
    (each) => existsSync(join(each, 'prometheus')) && existsSync(join(each, 'promtool')),
  );
  if (folder) return { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') };
  const { status, stderr, error } = spawnSync('sh', [join(root, 'deploy/observability/install-prometheus.sh')], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status === 0) return { prometheus: join(kept, 'prometheus'), promtool: join(kept, 'promtool') };
  return {
    missing: error?.message ?? (stderr.trim().split('\n').at(-1) || `install-prometheus.sh ended with ${status}`),
  };
}

/** Starts a Prometheus and waits until it answers. */
export async function startPrometheus({
  program,
  configuration,
  folder,
  port,
}: {
  program: string;
  configuration: string;
  folder: string;
  port: number;
}) {
  const running = await launch(
    'prometheus',
    program,
    [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    { cwd: folder, logFile: join(folder, 'prometheus.log') },
  );
  const url = `http://127.0.0.1:${port}`;
  await untilReady(running, () =>
    fetch(`${url}/-/ready`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  return { url, stop: () => stop(running, 'SIGTERM', 10_000) };
}
