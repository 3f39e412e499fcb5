import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
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
  UuidParam,
  type ExportRequest,
  type Job,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
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
  @ApiCreatedResponse({ type: ProductView })
  async createProduct(@Body() body: CreateProduct, @CurrentUser() caller: Principal): Promise<ProductView> {
    return ProductView.of(await this.service.create(body), await this.seesCost(caller));
  }

  /** Lists products; `q` finds by code and name, without regard to accents. */
  @Get()
  @Allow('product', 'read')
  @ApiList(products, ProductView)
  async listProducts(@List(products) query: ParsedList, @CurrentUser() caller: Principal): Promise<Page<ProductView>> {
    const [found, withCost] = [await this.service.list(query), await this.seesCost(caller)];
    return { ...found, data: found.data.map((product) => ProductView.of(product, withCost)) };
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
  @ApiOkResponse({ type: ProductView })
  async getProduct(@UuidParam('id') id: string, @CurrentUser() caller: Principal): Promise<ProductView> {
    return ProductView.of(await this.service.get(id), await this.seesCost(caller));
  }

  /** Changes a product. What was sold keeps the price it was sold at. */
  @Patch(':id')
  @Allow('product', 'update')
  @ApiOkResponse({ type: ProductView })
  async updateProduct(
    @UuidParam('id') id: string,
    @IfMatch() version: number,
    @Body() body: UpdateProduct,
    @CurrentUser() caller: Principal,
  ): Promise<ProductView> {
    return ProductView.of(await this.service.update(id, version, body), await this.seesCost(caller));
  }

  /** What a product costs the firm is not for everybody who sells it. */
  private seesCost(caller: Principal): Promise<boolean> {
    return this.rights.may(caller, 'product', 'read-cost', {});
  }
}
