export {
  alive,
  freePort,
  launch,
  output,
  portIsFree,
  run,
  stop,
  tail,
  untilReady,
  type LaunchOptions,
  type Running,
} from './processes.js';
export { engineFolder, postgresFolders, removePostgres, startPostgres, type PostgresOptions } from './postgres.js';
export { kafkaJars, newClusterId, requireJava, startKafka, type ClusterNode, type KafkaOptions } from './kafka.js';
export { ownerOf, provision, randomSecret, unprovision, withDatabase, type Logins, type Tenant } from './provision.js';
