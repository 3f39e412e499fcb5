import { Slice } from '@quen/chassis';
import { StaffService } from './staff.service.js';

@Slice({
  providers: [StaffService],
  exports: [StaffService],
})
export class StaffModule {}
