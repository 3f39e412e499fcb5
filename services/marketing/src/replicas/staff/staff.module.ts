import { Slice } from '@quen/chassis';
import { StaffService } from './staff.service.js';

@Slice({
  tables: { reads: ['staff'] },
  providers: [StaffService],
  exports: [StaffService],
})
export class StaffModule {}
