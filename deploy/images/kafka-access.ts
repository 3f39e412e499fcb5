import kafkajs from 'kafkajs';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

type Grant = { principal: string; resourceType: number; resourceName: string; operations: number[] };

/**
 * Who may write which topic: a service its own alone, since whoever writes a state decides what others show to whom;
 * everybody reads all; the data team writes nothing. Topics are made by the administrator who migrates, and by nobody
 * else.
 * @returns each for all names that begin with `resourceName`
 */
export function kafkaGrants(services: readonly string[]): Grant[] {
  const { READ, WRITE, DESCRIBE, DESCRIBE_CONFIGS, DELETE } = AclOperationTypes;
  const { TOPIC, GROUP } = AclResourceTypes;
  return [
    ...services.flatMap((service) => [
      { principal: `User:${service}`, resourceType: TOPIC, resourceName: `crm.${service}.`, operations: [WRITE] },
      {
        principal: `User:${service}`,
        resourceType: TOPIC,
        resourceName: 'crm.',
        operations: [READ, DESCRIBE, DESCRIBE_CONFIGS],
      },
      {
        principal: `User:${service}`,
        resourceType: GROUP,
        resourceName: `crm.${service}.`,
        operations: [READ, DESCRIBE, DELETE],
      },
    ]),
    {
      principal: 'User:data',
      resourceType: TOPIC,
      resourceName: 'crm.',
      operations: [READ, DESCRIBE, DESCRIBE_CONFIGS],
    },
    { principal: 'User:data', resourceType: GROUP, resourceName: 'data.', operations: [READ, DESCRIBE, DELETE] },
  ];
}

/** Puts the grants into force. May be repeated. */
export async function grantKafkaAccess(
  { brokers, username, password }: { brokers: string[]; username: string; password: string },
  services: readonly string[],
) {
  const kafka = new kafkajs.Kafka({
    brokers,
    clientId: 'quen-prepare',
    sasl: { mechanism: 'plain', username, password },
    logLevel: kafkajs.logLevel.ERROR,
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createAcls({
      acl: kafkaGrants(services).flatMap(({ operations, ...grant }) =>
        operations.map((operation) => ({
          ...grant,
          operation,
          host: '*',
          permissionType: AclPermissionTypes.ALLOW,
          resourcePatternType: ResourcePatternTypes.PREFIXED,
        })),
      ),
    });
  } finally {
    await admin.disconnect();
  }
}
