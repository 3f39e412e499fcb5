import {
  choiceColumn as choice,
  code,
  ColumnSet,
  flag,
  money,
  name,
  textColumn as text,
  type Columns,
} from '@quen/chassis';
import { productKinds } from './product.entity.js';

/** What a list of products holds; a row whose code is there already corrects what it says and leaves the rest. */
export const productColumns = new ColumnSet({
  code: code({
    need: 'required',
    headings: ['product code', 'SKU', 'Mã', 'Mã sản phẩm', 'Mã SP', 'Mã hàng', 'Mã vật tư'],
  }),
  name: name({
    need: 'key',
    most: 200,
    headings: ['product', 'product name', 'Tên', 'Tên sản phẩm', 'Tên hàng', 'Tên SP', 'Sản phẩm', 'Tên dịch vụ'],
  }),
  kind: choice(
    productKinds,
    { 'hàng hóa': 'goods', hàng: 'goods', product: 'goods', 'sản phẩm': 'goods', 'dịch vụ': 'service', dv: 'service' },
    { headings: ['Loại', 'Loại hàng', 'type'] },
  ),
  unit: text({ need: 'key', most: 30, headings: ['uom', 'unit of measure', 'Đơn vị', 'Đơn vị tính', 'ĐVT'] }),
  category: text({ most: 60, headings: ['Nhóm', 'Nhóm hàng', 'Ngành hàng', 'Danh mục', 'product category', 'group'] }),
  department: text({ most: 60, headings: ['Phòng ban', 'Bộ phận'] }),
  listPrice: money({ headings: ['price', 'unit price', 'sales price', 'Giá', 'Giá bán', 'Đơn giá', 'Giá niêm yết'] }),
  cost: money({ headings: ['unit cost', 'purchase price', 'Giá vốn', 'Giá nhập', 'Giá mua'] }),
  active: flag(
    { 'đang bán': true, 'còn bán': true, active: true, 'ngừng bán': false, 'ngưng bán': false, inactive: false },
    { headings: ['Đang bán', 'Còn bán', 'Trạng thái', 'status'] },
  ),
} satisfies Columns);

export type ProductColumns = (typeof productColumns)['columns'];
