/**
 * Spreads the partitions of topics over a group's members, so that each has as many as the others, give or take one, of
 * what it subscribed to. Members of the same group may subscribe to different topics while a new version is rolled out.
 * @param subscriptions topics by member
 * @param partitions how many partitions each topic has
 * @returns partitions by topic, by member; each member is in it
 */
export function assignEvenly(
  subscriptions: ReadonlyMap<string, readonly string[]>,
  partitions: ReadonlyMap<string, number>,
): Map<string, Map<string, number[]>> {
  const assigned = new Map([...subscriptions.keys()].sort().map((member) => [member, new Map<string, number[]>()]));
  const load = new Map([...assigned.keys()].map((member) => [member, 0]));
  for (const topic of [...partitions.keys()].sort()) {
    const takers = [...assigned.keys()].filter((member) => subscriptions.get(member)?.includes(topic));
    for (let partition = 0; takers.length && partition < (partitions.get(topic) ?? 0); partition += 1) {
      const member = takers.reduce((least, each) => (load.get(each)! < load.get(least)! ? each : least));
      load.set(member, load.get(member)! + 1);
      const topics = assigned.get(member)!;
      topics.set(topic, [...(topics.get(topic) ?? []), partition]);
    }
  }
  return assigned;
}
