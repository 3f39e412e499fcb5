import { Slice } from '@quen/chassis';
import { Pipeline } from './pipeline.entity.js';
import { PipelinesController } from './pipelines.controller.js';
import { PipelinesService } from './pipelines.service.js';

@Slice({
  entities: [Pipeline],
  tables: { reads: ['opportunity'] },
  controllers: [PipelinesController],
  providers: [PipelinesService],
  exports: [PipelinesService],
  access: {
    pipeline: {
      director: 'all',
      'branch-manager': { read: 'all' },
      seller: { read: 'all' },
      marketer: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [
    { name: 'pipelines', description: "The firm's sales processes as data: stages, what each demands, allowed moves." },
  ],
})
export class PipelinesModule {}
