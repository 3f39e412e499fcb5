import { entityStates, Slice } from '@quen/chassis';
import { ProductState } from '@quen/events';
import { ProductImport } from './product-import.job.js';
import { ProductImportsController } from './product-imports.controller.js';
import { Product } from './product.entity.js';
import { ProductsController } from './products.controller.js';
import { ProductsService } from './products.service.js';

@Slice({
  entities: [Product],
  controllers: [ProductImportsController, ProductsController],
  providers: [ProductsService],
  exports: [ProductsService],
  jobs: [ProductImport],
  access: {
    product: {
      director: 'all',
      'branch-manager': { read: 'all', 'read-cost': 'all', export: 'all' },
      seller: { read: 'all' },
      accountant: { read: 'all', 'read-cost': 'all', export: 'all' },
      agent: { read: 'all' },
      marketer: { read: 'all' },
      'data-reader': { read: 'all', 'read-cost': 'all' },
    },
  },
  tags: [{ name: 'products', description: 'What the firm sells.' }],
  states: [entityStates(ProductState, Product)],
})
export class ProductsModule {}
