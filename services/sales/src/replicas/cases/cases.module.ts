import { Slice } from '@quen/chassis';
import { CaseReplica } from './cases.reactions.js';

@Slice({
  tables: { owns: ['support_case'] },
  reactions: [CaseReplica],
  derived: [{ groups: ['crm.sales.case-replica'], tables: { support_case: { ignore: ['received_at'] } } }],
})
export class CasesModule {}
