import { entityStates, Slice } from '@quen/chassis';
import { ProductState } from '@quen/events';
import { Product } from './product.entity.js';
import { ProductsController } from './products.controller.js';
import { ProductsService } from './products.service.js';

@Slice({
  entities: [Product],
  controllers: [ProductsController],
  providers: [ProductsService],
  exports: [ProductsService],
  access: {
    product: {
      director: 'all',
      'branch-manager': { read: 'all', 'read-cost': 'all' },
      seller: { read: 'all' },
      accountant: { read: 'all', 'read-cost': 'all' },
      agent: { read: 'all' },
      marketer: { read: 'all' },
      'data-reader': { read: 'all', 'read-cost': 'all' },
    },
  },
  tags: [{ name: 'products', description: 'What the firm sells.' }],
  states: [entityStates(ProductState, Product)],
})
export class ProductsModule {}
