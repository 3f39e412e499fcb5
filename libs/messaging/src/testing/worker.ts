import { defaultTuning } from '../settings.js';
import { GroupConsumer } from '../consuming/group-consumer.js';
import { ReactionGroup } from '../consuming/reaction-group.js';
import { kafkaClient } from '../kafka/kafka-client.js';
import { MessagingMetrics } from '../metrics.js';
import { Relay } from '../producing/relay.js';
import { dataSource, labClient } from './lab.js';
import { BulkEffectReactions, EffectReactions } from './reactions.js';

/** A process with a relay and a consumer, to be killed. Arguments: database URL, brokers, namespace, `single` or `bulk`, roles. */
const [url = '', brokers = '', namespace = '', kind = 'single', roles = 'relay,consumer'] = process.argv.slice(2);
const tuning = { ...defaultTuning, leaseTtlMs: 3_000, leaseRenewMs: 500, sessionTimeoutMs: 6_000, heartbeatMs: 500, backoffMinMs: 100 };
const db = await dataSource(url);
const kafka = kafkaClient({ ...labClient(), brokers: brokers.split(','), namespace }, `worker-${process.pid}`);
const metrics = new MessagingMetrics();
const relay = new Relay(db, kafka, tuning, metrics);
const [group] = ReactionGroup.of([kind === 'bulk' ? new BulkEffectReactions() : new EffectReactions()]);
const consumer = new GroupConsumer(group!, {
  service: 'lab', db, kafka, tuning, metrics, wake: () => relay.wake(), guards: { fence: true, inbox: true }, onFatal: () => process.exit(1),
});
if (roles.includes('relay')) relay.start();
if (roles.includes('consumer')) consumer.start();

process.once('SIGTERM', () => {
  void consumer.stop().then(() => relay.stop()).then(() => process.exit(0));
});
// Ends with the test run, even when that was killed.
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.send?.('ready');
