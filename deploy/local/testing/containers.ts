import { spawnSync } from 'node:child_process';
import type { StartedTestContainer } from 'testcontainers';

const images = { postgres: 'postgres:18', kafka: 'apache/kafka:4.1.0' };

/** Whether a container engine answers and has both images, so that nothing needs to be pulled. */
export function containersAvailable() {
  const asked = spawnSync('docker', ['image', 'inspect', images.postgres, images.kafka], {
    stdio: 'ignore',
    timeout: 10_000,
  });
  return asked.status === 0;
}

/** Starts both engines with testcontainers. */
export async function startContainers(): Promise<{
  engine: string;
  databaseUrl: string;
  brokers: string;
  stop: () => Promise<void>;
}> {
  // the reaper is one more image to pull; the holder of these containers stops them itself
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const [{ PostgreSqlContainer }, { GenericContainer, Wait }] = await Promise.all([
    import('@testcontainers/postgresql'),
    import('testcontainers'),
  ]);
  const script = '/tmp/start-kafka.sh';
  const started = await Promise.allSettled([
    new PostgreSqlContainer(images.postgres)
      .withCommand(['postgres', '-c', 'fsync=off', '-c', 'max_connections=300'])
      .start(),
    // the advertised port is only known once the container runs: it waits for the script that says so
    new GenericContainer(images.kafka)
      .withExposedPorts(9092)
      .withEnvironment(brokerEnvironment)
      .withEntrypoint(['sh', '-c'])
      .withCommand([`while [ ! -f ${script} ]; do sleep 0.1; done; exec sh ${script}`])
      .withWaitStrategy(Wait.forSuccessfulCommand('true'))
      .start(),
  ]);
  const stop = async () => {
    await Promise.all(started.map(async (each) => each.status === 'fulfilled' && each.value.stop({ timeout: 0 })));
  };
  try {
    const [postgres, kafka] = started;
    if (postgres.status === 'rejected') throw postgres.reason;
    if (kafka.status === 'rejected') throw kafka.reason;
    const brokers = `${kafka.value.getHost()}:${kafka.value.getMappedPort(9092)}`;
    await kafka.value.copyContentToContainer([
      {
        content: `export KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://${brokers}\nexec /etc/kafka/docker/run\n`,
        target: script,
        mode: 0o755,
      },
    ]);
    await untilLogged(kafka.value, 'Kafka Server started');
    return {
      engine: `testcontainers (${images.postgres}, ${images.kafka})`,
      databaseUrl: postgres.value.getConnectionUri(),
      brokers,
      stop,
    };
  } catch (error) {
    // without the reaper nobody else would remove what did start
    await stop();
    throw error;
  }
}

const brokerEnvironment = {
  KAFKA_NODE_ID: '1',
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@localhost:9093',
  KAFKA_LISTENERS: 'PLAINTEXT://:9092,CONTROLLER://:9093',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '4',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR: '1',
  KAFKA_HEAP_OPTS: '-Xms128m -Xmx384m',
  KAFKA_LOG_CLEANER_BACKOFF_MS: '500',
};

async function untilLogged(container: StartedTestContainer, text: string, timeoutMs = 180_000): Promise<void> {
  const logs = await container.logs();
  return new Promise((resolve, reject) => {
    let seen = '';
    const timer = setTimeout(
      () => reject(new Error(`Kafka was not ready after ${timeoutMs / 1000} s:\n${seen.slice(-2_000)}`)),
      timeoutMs,
    );
    logs.on('data', (chunk) => {
      seen += String(chunk);
      if (!seen.includes(text)) return;
      clearTimeout(timer);
      logs.destroy();
      resolve();
    });
  });
}
