import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
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
  Rights,
  Shows,
  UuidParam,
  type ExportRequest,
  type Job,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import type { Product } from './product.entity.js';
import { CreateProduct, ProductView, UpdateProduct } from './products.dto.js';
import { productExport, products, ProductsService } from './products.service.js';

@ApiTags('products')
@Controller('products')
export class ProductsController {
  constructor(
    private readonly service: ProductsService,
    private readonly rights: Rights,
    private readonly exports: Exports,
  ) {}

  /** Adds a product or service. */
  @Post()
  @Allow('product', 'create')
  @Shows(ProductView, 201)
  async createProduct(@Body() body: CreateProduct, @CurrentUser() caller: Principal): Promise<ShownAs<ProductView>> {
    return (await this.shownTo(caller))(await this.service.create(body));
  }

  /** Lists products; `q` finds by code and name, without regard to accents. */
  @Get()
  @Allow('product', 'read')
  @ApiList(products, ProductView)
  async listProducts(
    @List(products) query: ParsedList,
    @CurrentUser() caller: Principal,
  ): Promise<Page<ShownAs<ProductView>>> {
    const found = await this.service.list(query);
    return { ...found, data: found.data.map(await this.shownTo(caller)) };
  }

  /** The products that the list gives, as a file; with costs for who may read them. */
  @Post('exports')
  @Allow('product', 'export')
  @ApiExport(productExport)
  exportProducts(@Export(productExport) request: ExportRequest, @CurrentUser() caller: Principal): Promise<Job> {
    return this.exports.begin(request, caller);
  }

  /** Shows one product. */
  @Get(':id')
  @Allow('product', 'read')
  @Shows(ProductView)
  async getProduct(@UuidParam('id') id: string, @CurrentUser() caller: Principal): Promise<ShownAs<ProductView>> {
    return (await this.shownTo(caller))(await this.service.get(id));
  }

  /** Changes a product. What was sold keeps the price it was sold at. */
  @Patch(':id')
  @Allow('product', 'update')
  @Shows(ProductView)
  async updateProduct(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateProduct,
    @CurrentUser() caller: Principal,
  ): Promise<ShownAs<ProductView>> {
    return (await this.shownTo(caller))(await this.service.update(id, version, body));
  }

  /** What a product costs the firm is not for everybody who sells it. */
  private async shownTo(caller: Principal): Promise<(product: Product) => ShownAs<ProductView>> {
    return (await this.rights.may(caller, 'product', 'read-cost', {}))
      ? (product) => product
      : ({ cost: _, ...product }) => product;
  }
}
