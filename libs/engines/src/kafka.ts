import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort, launch, output, run, stop, untilReady, type Running } from './processes.js';

const recipe = resolve(import.meta.dirname, '../kafka');
const version = '4.1.0';

export interface KafkaOptions {
  /** data folder; formatted on the first start */
  folder: string;
  /** where the jars are kept between data folders */
  cache: string;
  /** of the clients' listener; also the advertised one */
  port: number;
  /** where clients are sent instead, e.g. to a proxy in front of `port` */
  advertisedPort?: number;
  /** which node of a cluster it is; default: the only one */
  node?: ClusterNode;
  logFile: string;
  /** one more listener for clients, `NAME://host:port`, whose protocol and keys are among the properties */
  listener?: string;
  /** of the broker, besides ours or instead of them */
  properties?: Record<string, string | number>;
  /** told of the process at once */
  launched?: (running: Running) => void;
  /** told of work that takes seconds */
  say?: (line: string) => void;
}

/**
 * One of several brokers that are controllers, too; they become ready together, so they are started at the same time.
 * the port at index n belongs to the node n + 1
 */
export type ClusterNode = { id: number; clusterId: string; controllerPorts: number[] };

/** Starts a Kafka 4.1 broker in KRaft mode (broker and controller in one) and waits until it serves clients. */
export async function startKafka(
  options: KafkaOptions,
): Promise<{ brokers: string; running: Running; stop: () => Promise<void>; kill: () => Promise<void> }> {
  const java = requireJava();
  const jars = await kafkaJars(options.cache, options.say);
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const properties = join(folder, 'server.properties');
  // the controller of a single node gets another port at each start; nobody else needs to know it
  const node = options.node ?? { id: 1, clusterId: clusterIdOf(folder), controllerPorts: [await freePort()] };
  writeFileSync(properties, brokerProperties(join(folder, 'log'), options, node));
  // the quick compiler alone: on a small machine the thorough one takes the processors that the services need
  const jvm = [
    '-Xms128m',
    '-Xmx384m',
    '-XX:+UseSerialGC',
    '-Xshare:auto',
    '-XX:TieredStopAtLevel=1',
    '-Djava.awt.headless=true',
    `-Dlog4j2.configurationFile=${join(recipe, 'log4j2.properties')}`,
    '-cp',
    join(jars, '*'),
  ];
  if (!existsSync(join(folder, 'log', 'meta.properties'))) {
    // joined by =, because an id may begin with a dash
    await run(java, [
      ...jvm,
      'kafka.tools.StorageTool',
      'format',
      '--ignore-formatted',
      `--cluster-id=${node.clusterId}`,
      '-c',
      properties,
    ]);
  }
  const running = await launch('kafka', java, [...jvm, 'kafka.Kafka', properties], {
    logFile: options.logFile,
    cwd: folder,
  });
  options.launched?.(running);
  try {
    await untilReady(running, () => output(running).includes('Kafka Server started'));
  } catch (error) {
    await stop(running, 'SIGKILL');
    throw error;
  }
  return {
    brokers: `127.0.0.1:${options.port}`,
    running,
    stop: () => stop(running, 'SIGTERM', 20_000),
    kill: () => stop(running, 'SIGKILL'),
  };
}

/**
 * A cluster id of this data folder's own, by which consumers notice that the topics are not those they have read.
 * Written down before the format, so that one that was cut short is done again with the same.
 */
function clusterIdOf(folder: string) {
  const file = join(folder, 'cluster-id');
  if (!existsSync(file)) writeFileSync(file, newClusterId());
  return readFileSync(file, 'utf8');
}

/** The identity of a cluster that is about to be made. */
export function newClusterId() {
  return randomBytes(16).toString('base64url');
}

function brokerProperties(
  logs: string,
  { port, advertisedPort = port, listener, properties }: KafkaOptions,
  { id, controllerPorts }: ClusterNode,
) {
  const others = listener ? `,${listener}` : '';
  const nodes = controllerPorts.length;
  const replication = Math.min(nodes, 3);
  const inSync = Math.max(replication - 1, 1);
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': id,
    'controller.quorum.voters': controllerPorts
      .map((controllerPort, n) => `${n + 1}@127.0.0.1:${controllerPort}`)
      .join(','),
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPorts[id - 1]}${others}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${advertisedPort}${others}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logs,
    'auto.create.topics.enable': false,
    'delete.topic.enable': true,
    'group.initial.rebalance.delay.ms': 0,
    'offsets.topic.replication.factor': replication,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replication,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': replication,
    'share.coordinator.state.topic.min.isr': inSync,
    'default.replication.factor': replication,
    'min.insync.replicas': inSync,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'num.recovery.threads.per.data.dir': 2,
    // the cleaner's default buffer of 128 MB would not fit into this heap
    'log.cleaner.dedupe.buffer.size': 16_777_216,
    ...properties,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** The Java to run, checked to be 17 or newer. */
export function requireJava(): string {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const asked = spawnSync(java, ['-version'], { encoding: 'utf8' });
  const found = /version "(?:1\.)?(\d+)/.exec(asked.stderr ?? '')?.[1];
  if (asked.error || !found)
    throw new Error(
      `No Java was found (tried "${java}"). Kafka runs on Java 17 or newer: install it (Debian and Ubuntu: apt install openjdk-17-jre-headless), or set JAVA_HOME, or set KAFKA_BROKERS to a broker of your own.`,
    );
  if (Number(found) < 17)
    throw new Error(
      `Java ${found} was found (${java}), and Kafka needs 17 or newer. Set JAVA_HOME to one, or KAFKA_BROKERS to a broker of your own.`,
    );
  return java;
}

/** The folder with the broker's jars, fetched with Maven the first time. */
export async function kafkaJars(cache: string, say?: (line: string) => void) {
  const jars = resolve(cache, `kafka-${version}`);
  if (existsSync(jars)) return jars;
  say?.(`fetching Kafka ${version} with Maven (once)`);
  if (spawnSync('mvn', ['-v']).error)
    throw new Error(
      "Maven was not found. It fetches Kafka's jars, once: install it (Debian and Ubuntu: apt install maven), or set KAFKA_BROKERS to a broker of your own.",
    );
  const work = `${jars}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  cpSync(join(recipe, 'pom.xml'), join(work, 'pom.xml'));
  await run('mvn', [
    '-q',
    '-B',
    '-f',
    join(work, 'pom.xml'),
    'dependency:copy-dependencies',
    '-DincludeScope=runtime',
    `-DoutputDirectory=${join(work, 'jars')}`,
  ]);
  // a rename makes the folder whole or absent, also when two starts fetch at once
  if (!existsSync(jars)) renameSync(join(work, 'jars'), jars);
  rmSync(work, { recursive: true, force: true });
  return jars;
}
