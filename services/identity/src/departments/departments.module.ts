import { Slice } from '@quen/chassis';
import { Department } from './department.entity.js';
import { DepartmentsController } from './departments.controller.js';
import { DepartmentsService } from './departments.service.js';

@Slice({
  entities: [Department],
  controllers: [DepartmentsController],
  providers: [DepartmentsService],
  exports: [DepartmentsService],
  access: {
    department: {
      director: { read: 'all' },
      'branch-manager': { read: 'all' },
      marketer: { read: 'all' },
      seller: { read: 'all' },
      agent: { read: 'all' },
      accountant: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [{ name: 'Departments', description: 'Departments over all branches.' }],
})
export class DepartmentsModule {}
