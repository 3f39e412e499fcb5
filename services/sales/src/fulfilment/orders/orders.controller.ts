import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Allow,
  ApiExport,
  ApiList,
  CurrentUser,
  Export,
  Exports,
  IfMatch,
  List,
  Shows,
  UuidParam,
  type ExportRequest,
  type Job,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import { FulfilmentService } from './fulfilment.service.js';
import type { Order } from './order.entity.js';
import {
  CreateOrder,
  DeliverOrder,
  InvoiceOrder,
  OrderDetail,
  OrderView,
  PayOrder,
  ReturnGoods,
} from './orders.dto.js';
import { orderExport, orders, OrdersService } from './orders.service.js';

@ApiTags('orders')
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly service: OrdersService,
    private readonly fulfilment: FulfilmentService,
    private readonly exports: Exports,
  ) {}

  /** Drafts an order from an accepted quote, under a contract, or with lines of its own. */
  @Post()
  @Allow('order', 'create')
  @Shows(OrderDetail, 201)
  createOrder(@Body() body: CreateOrder, @CurrentUser() caller: Principal): Promise<ShownAs<OrderDetail>> {
    return this.service.create(body, caller);
  }

  /** Lists orders. */
  @Get()
  @Allow('order', 'read')
  @ApiList(orders, OrderView)
  listOrders(@List(orders) query: ParsedList): Promise<Page<Order>> {
    return this.service.list(query);
  }

  /** The orders that the list gives, as a file. */
  @Post('exports')
  @Allow('order', 'export')
  @ApiExport(orderExport)
  exportOrders(@Export(orderExport) request: ExportRequest, @CurrentUser() caller: Principal): Promise<Job> {
    return this.exports.begin(request, caller);
  }

  /** Shows an order with its lines, deliveries, invoices, payments and returns. */
  @Get(':id')
  @Allow('order', 'read')
  @Shows(OrderDetail)
  getOrder(@UuidParam('id') id: string): Promise<ShownAs<OrderDetail>> {
    return this.service.get(id);
  }

  /** Confirms a draft; from now on it is part of the transaction history and only new facts correct it. */
  @Post(':id/confirm')
  @HttpCode(200)
  @Allow('order', 'confirm')
  @Shows(OrderDetail)
  confirmOrder(@UuidParam('id') id: string, @IfMatch() version: number): Promise<ShownAs<OrderDetail>> {
    return this.service.confirm(id, version);
  }

  /** Gives up a draft. */
  @Post(':id/cancel')
  @HttpCode(200)
  @Allow('order', 'update')
  @Shows(OrderDetail)
  cancelOrder(@UuidParam('id') id: string, @IfMatch() version: number): Promise<ShownAs<OrderDetail>> {
    return this.service.cancel(id, version);
  }

  /** Hands over all that is open, or parts of lines. */
  @Post(':id/deliveries')
  @Allow('order', 'deliver')
  @Shows(OrderDetail, 201)
  deliverOrder(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: DeliverOrder,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<OrderDetail>> {
    return this.fulfilment.deliver(id, version, body, caller);
  }

  /** Issues an invoice over all that was not invoiced yet, or a part. */
  @Post(':id/invoices')
  @Allow('order', 'invoice')
  @Shows(OrderDetail, 201)
  invoiceOrder(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: InvoiceOrder,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<OrderDetail>> {
    return this.fulfilment.invoice(id, version, body, caller);
  }

  /** Takes a payment, at most what is due. The same `reference` is not taken twice. */
  @Post(':id/payments')
  @Allow('order', 'pay')
  @Shows(OrderDetail, 201)
  payOrder(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: PayOrder,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<OrderDetail>> {
    return this.fulfilment.pay(id, version, body, caller);
  }

  /** Takes goods back, at most what was delivered, and credits their share of the line. */
  @Post(':id/returns')
  @Allow('order', 'return')
  @Shows(OrderDetail, 201)
  returnGoods(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: ReturnGoods,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<OrderDetail>> {
    return this.fulfilment.takeBack(id, version, body, caller);
  }
}
