import type { ReactionGroup } from '../consuming/reaction-group.js';
import { unknownConsumer } from './problems.js';

/** The group of this name. @throws Problem unknown_consumer when this service has no such consumer */
export function knownGroup(groups: readonly ReactionGroup[], name: string): ReactionGroup {
  const group = groups.find((each) => each.name === name);
  if (!group) throw unknownConsumer({ consumer: name });
  return group;
}
