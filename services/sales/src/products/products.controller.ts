import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Allow, ApiList, IfMatch, List, type Page, type ParsedList, UuidParam } from '@quen/chassis';
import { CreateProduct, ProductView, UpdateProduct } from './products.dto.js';
import { products, ProductsService } from './products.service.js';

@ApiTags('products')
@Controller('products')
export class ProductsController {
  constructor(private readonly service: ProductsService) {}

  /** Adds a product or service. */
  @Post()
  @Allow('product', 'create')
  @ApiCreatedResponse({ type: ProductView })
  async createProduct(@Body() body: CreateProduct): Promise<ProductView> {
    return ProductView.of(await this.service.create(body));
  }

  /** Lists products; `q` finds by code and name, without regard to accents. */
  @Get()
  @Allow('product', 'read')
  @ApiList(products, ProductView)
  async listProducts(@List(products) query: ParsedList): Promise<Page<ProductView>> {
    const found = await this.service.list(query);
    return { ...found, data: found.data.map((product) => ProductView.of(product)) };
  }

  /** Shows one product. */
  @Get(':id')
  @Allow('product', 'read')
  @ApiOkResponse({ type: ProductView })
  async getProduct(@UuidParam('id') id: string): Promise<ProductView> {
    return ProductView.of(await this.service.get(id));
  }

  /** Changes a product. What was sold keeps the price it was sold at. */
  @Patch(':id')
  @Allow('product', 'update')
  @ApiOkResponse({ type: ProductView })
  async updateProduct(@UuidParam('id') id: string, @IfMatch() version: number, @Body() body: UpdateProduct): Promise<ProductView> {
    return ProductView.of(await this.service.update(id, version, body));
  }
}
