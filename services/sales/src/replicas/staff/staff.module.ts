import { Slice } from '@quen/chassis';
import { StaffReplica } from './staff.reactions.js';
import { StaffService } from './staff.service.js';

@Slice({
  tables: { owns: ['staff'] },
  reactions: [StaffReplica],
  providers: [StaffService],
  exports: [StaffService],
  derived: [{ groups: ['crm.sales.staff-replica'], tables: { staff: { ignore: ['received_at'] } } }],
})
export class StaffModule {}
