import { MendedStates1795482000000 } from './mended-states.js';
import { Operating1735776000000 } from './operating.js';
import { OperatorName1795395600000 } from './operator-name.js';
import { OutboxAndInbox1735689600000 } from './outbox-and-inbox.js';
import { OutboxHead1795482100000 } from './outbox-head.js';
import { ParkingAll1795392000000 } from './parking-all.js';
import { RelayPresence1795305600000 } from './relay-presence.js';
import { TypesHeard1796000001001 } from './types-heard.js';

/** Migrations that every service's data source runs before its own. */
export const messagingMigrations = [
  OutboxAndInbox1735689600000,
  Operating1735776000000,
  RelayPresence1795305600000,
  ParkingAll1795392000000,
  OperatorName1795395600000,
  MendedStates1795482000000,
  OutboxHead1795482100000,
  TypesHeard1796000001001,
];
