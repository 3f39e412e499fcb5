import { Slice } from '@quen/chassis';
import { PurchaseDays } from './purchase-days.service.js';

@Slice({
  tables: { owns: ['purchase_day'], reads: ['market_fact', 'payment_fact', 'sales_fact', 'service_fact'] },
  providers: [PurchaseDays],
  exports: [PurchaseDays],
})
export class PurchasesModule {}
