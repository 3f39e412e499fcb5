import { Slice } from '@quen/chassis';
import { CustomersModule } from '../../replicas/customers/customers.module.js';
import { ProductsModule } from '../products/products.module.js';
import { DiscountLimits } from './discount-limits.service.js';
import { Price, PriceBook } from './price-book.entity.js';
import { PricesController } from './prices.controller.js';
import { PricesService } from './prices.service.js';

@Slice({
  imports: [ProductsModule, CustomersModule],
  entities: [PriceBook, Price],
  tables: { reads: ['product'] },
  controllers: [PricesController],
  providers: [PricesService, DiscountLimits],
  exports: [PricesService, DiscountLimits],
  access: {
    price: {
      director: 'all',
      'branch-manager': { read: 'all' },
      seller: { read: 'all' },
      accountant: { read: 'all' },
      agent: { read: 'all' },
      marketer: { read: 'all' },
      'data-reader': { read: 'all' },
    },
  },
  tags: [
    { name: 'prices', description: 'Price books with effective dates and quantity tiers, and the reasons of a price.' },
  ],
})
export class PricesModule {}
