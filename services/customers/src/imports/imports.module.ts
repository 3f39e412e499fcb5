import { Slice } from '@quen/chassis';
import { ConsentsModule } from '../consents/consents.module.js';
import { CustomerRecordsModule } from '../customers/customers.module.js';
import { CustomerImport } from './customer-import.entity.js';
import { CustomerImportJob } from './customer-import.job.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';

@Slice({
  imports: [CustomerRecordsModule, ConsentsModule],
  entities: [CustomerImport],
  controllers: [ImportsController],
  providers: [ImportsService],
  jobs: [CustomerImportJob],
  access: {
    import: {
      director: 'all',
      'branch-manager': 'branch',
      marketer: 'branch',
    },
  },
  tags: [{ name: 'Imports', description: 'Customer lists as files.' }],
})
export class ImportsModule {}
