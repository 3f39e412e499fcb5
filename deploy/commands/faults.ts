/** `npm run faults`: the fault suite; see deploy/faults. */
import { build } from '../local/preparation.js';

await build();
await import('../faults/main.js');
