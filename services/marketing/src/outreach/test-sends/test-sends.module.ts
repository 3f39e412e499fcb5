import { Slice } from '@quen/chassis';
import { StaffModule } from '../../replicas/staff/staff.module.js';
import { TestSendsService } from './test-sends.service.js';

@Slice({
  imports: [StaffModule],
  tables: { owns: ['test_send'] },
  providers: [TestSendsService],
  exports: [TestSendsService],
})
export class TestSendsModule {}
