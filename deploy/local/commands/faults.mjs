/** `npm run faults`: the fault suite; see deploy/faults. */
import { build } from '../preparation.mjs';

await build();
await import('../../faults/main.mjs');
