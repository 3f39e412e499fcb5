import type { ConsumerControls } from './controls.js';
import type { BusOverview } from './overview.js';
import type { ParkedRecords } from './parked-records.js';
import type { Replay } from './replay.js';
import type { Reread } from './reread.js';

/**
 * Everything that operators do to a service's bus; each part accounts for what it does, on behalf of the ambient actor.
 */
export class Operations {
  constructor(
    readonly overview: BusOverview,
    readonly parked: ParkedRecords,
    readonly replay: Replay,
    readonly controls: ConsumerControls,
    readonly reread: Reread,
  ) {}
}
