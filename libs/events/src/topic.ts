/** What a topic is for decides how the broker keeps it. */
export type TopicKind = 'facts' | 'state' | 'dead-letters' | 'audit';

/** A Kafka topic of one service, created by the topics job and never by the broker. */
export interface Topic {
  /** Full name without the installation's namespace, e.g. `crm.sales.opportunity.v1`. */
  readonly name: string;
  readonly kind: TopicKind;
  readonly service: string;
  readonly aggregate: string;
  /** One sentence for the data team. */
  readonly description: string;
}

const topicsByName = new Map<string, Topic>();

function declare(topic: Topic): Topic {
  if (topicsByName.has(topic.name)) throw new Error(`Topic ${topic.name} is declared twice`);
  topicsByName.set(topic.name, topic);
  return topic;
}

/**
 * Declares the topic of past-tense events of one aggregate, kept without limit so that every store can be rebuilt from
 * it.
 */
export function factTopic(service: string, aggregate: string, description: string): Topic {
  return declare({ name: `crm.${service}.${aggregate}.v1`, kind: 'facts', service, aggregate, description });
}

/**
 * Declares the compacted topic that holds the full current public state of each aggregate; a null value means erased.
 */
export function stateTopic(service: string, aggregate: string, description: string): Topic {
  return declare({ name: `crm.${service}.${aggregate}.state.v1`, kind: 'state', service, aggregate, description });
}

/**
 * Declares the topic of a service's dead letters: reference, headers and error of a parked record, without its value.
 */
export function deadLetterTopic(service: string): Topic {
  const name = `crm.${service}.dlq.v1`;
  return (
    topicsByName.get(name) ??
    declare({
      name,
      kind: 'dead-letters',
      service,
      aggregate: 'dlq',
      description: `Records that a consumer of ${service} could not take, without their values.`,
    })
  );
}

/** Every declared topic. */
export function topics(): Topic[] {
  return [...topicsByName.values()];
}
