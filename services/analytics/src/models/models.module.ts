import { Slice } from '@quen/chassis';
import { ModelAdministrationService } from './model-administration.service.js';
import { ModelFittingService } from './model-fitting.service.js';
import { FittedModel } from './model.entity.js';
import { ModelsController } from './models.controller.js';
import { ModelsService } from './models.service.js';

@Slice({
  entities: [FittedModel],
  tables: { owns: ['rank_policy'], reads: ['calendar', 'insight', 'purchase_day'] },
  controllers: [ModelsController],
  providers: [ModelsService, ModelFittingService, ModelAdministrationService],
  exports: [ModelFittingService, ModelsService],
  access: {
    model: {
      director: 'all',
      'data-reader': { read: 'all' },
      'branch-manager': { read: 'all' },
      marketer: { read: 'all' },
    },
  },
  tags: [{ name: 'models', description: 'What insights are calculated with' }],
})
export class ModelsModule {}
