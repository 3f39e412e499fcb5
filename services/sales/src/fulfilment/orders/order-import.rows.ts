import { fold, type CsvRecord, type RecordFault } from '@quen/chassis';
import { defineProblem } from '@quen/messaging';

export const importColumnsMissing = defineProblem('unprocessable', 'import_columns_missing', {
  en: 'The file has no column {missing}. Needed are customerCode, orderCode, date, productCode, quantity, amount; cost may be left out.',
  vi: 'Tệp thiếu cột {missing}. Cần có customerCode, orderCode, date, productCode, quantity, amount; cost có thể bỏ.',
});

/** Headings by which each column is known, folded and without blanks. */
const headings = {
  customerCode: ['customercode', 'customer', 'makhachhang', 'makh'],
  orderCode: ['ordercode', 'order', 'madonhang', 'madon', 'sodonhang'],
  date: ['date', 'orderdate', 'ngay', 'ngaydat', 'ngaydathang'],
  productCode: ['productcode', 'product', 'masanpham', 'masp', 'mahang'],
  quantity: ['quantity', 'soluong', 'sl'],
  amount: ['amount', 'thanhtien', 'sotien'],
  cost: ['cost', 'giavon', 'tienvon'],
} as const;
type Column = keyof typeof headings;

/** A row of the file by column; `fault` where it could not be split into the header's cells. */
export interface TypedRow {
  line: number;
  values: Record<string, string>;
  fault?: RecordFault;
}

const unread: Partial<Record<RecordFault, string>> = {
  unclosed_quote: 'a quotation mark on this line is never closed',
  too_many_cells: 'the row has more cells than the header',
  cell_too_long: 'a cell is longer than is read',
  row_too_long: 'the row is longer than is read',
};

/** Why a row was not taken. */
export interface RowFault {
  field: Column;
  reason: string;
}

// A thousand such lines still add up to fewer digits than an amount may have, so that no sum of a customer's is refused
// elsewhere.
const largestAmount = 1e12;

/** A row of the file; amounts are without sign, a return is marked. */
export interface ImportRow {
  line: number;
  raw: Record<string, string>;
  customerCode: string;
  orderCode: string;
  date: string;
  productCode: string;
  quantity: string;
  amount: string;
  /** Null where the file says nothing. */
  cost: string | null;
  isReturn: boolean;
  fault?: RowFault;
}

/** The rows of one order: what was sold, and what came back. */
export interface ImportGroup {
  orderCode: string;
  sales: ImportRow[];
  returns: ImportRow[];
}

/**
 * Reads rows and gathers them by order, in the order of the first row of each.
 * @param today rows of later days are refused
 * @throws Problem import_columns_missing
 */
export function groupsOf(
  table: { columns: readonly string[]; rows: readonly TypedRow[] },
  today: string,
): ImportGroup[] {
  const columns = columnsOf(table.columns);
  const groups = new Map<string, ImportGroup>();
  for (const row of table.rows) {
    const read = readRow(row, columns, today);
    const key = read.orderCode || `\0${read.line}`;
    const group = groups.get(key) ?? { orderCode: read.orderCode, sales: [], returns: [] };
    groups.set(key, group);
    (read.isReturn ? group.returns : group.sales).push(read);
  }
  return [...groups.values()];
}

/** Where each column stands. @throws Problem import_columns_missing */
export function columnsOf(names: readonly string[]): Partial<Record<Column, string>> {
  const columns: Partial<Record<Column, string>> = {};
  for (const column of Object.keys(headings) as Column[]) {
    columns[column] = names.find((name) =>
      (headings[column] as readonly string[]).includes(fold(name).replace(/[\s_.-]/g, '')),
    );
  }
  const missing = (Object.keys(headings) as Column[]).filter((column) => column !== 'cost' && !columns[column]);
  if (missing.length) throw importColumnsMissing({ missing: missing.join(', ') });
  return columns;
}

/** A record by column; rows may end before the header does. */
export function typedRow({ line, cells, fault }: CsvRecord, names: readonly string[]): TypedRow {
  const surplus = cells
    .slice(names.length)
    .map((cell, index): [string, string] => [`column${names.length + index + 1}`, cell]);
  return {
    line,
    values: {
      ...Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])),
      ...Object.fromEntries(surplus),
    },
    ...(fault && { fault }),
  };
}

function readRow(
  { line, values, fault: torn }: TypedRow,
  columns: Partial<Record<Column, string>>,
  today: string,
): ImportRow {
  const typed = (column: Column): string => (columns[column] === undefined ? '' : (values[columns[column]] ?? ''));
  const quantity = readQuantity(typed('quantity'));
  const isReturn = quantity?.startsWith('-') ?? typed('quantity').startsWith('-');
  const row: ImportRow = {
    line,
    raw: values,
    isReturn,
    customerCode: typed('customerCode').toUpperCase(),
    orderCode: typed('orderCode'),
    date: readDate(typed('date')) ?? '',
    productCode: typed('productCode').toUpperCase(),
    quantity: unsigned(quantity ?? ''),
    amount: unsigned(readAmount(typed('amount')) ?? ''),
    cost: typed('cost') === '' ? null : unsigned(readAmount(typed('cost')) ?? ''),
  };
  const reason = torn && unread[torn];
  const fault = reason ? { field: 'orderCode' as const, reason } : faultOf(row, typed, today);
  return fault ? { ...row, fault } : row;
}

function faultOf(row: ImportRow, typed: (column: Column) => string, today: string): RowFault | undefined {
  const unreadable = (Object.keys(headings) as Column[]).find((column) => typed(column).includes('\ufffd'));
  if (unreadable) return { field: unreadable, reason: 'holds a character that cannot be read' };
  if (!row.orderCode) return { field: 'orderCode', reason: 'is missing' };
  if (row.orderCode.length > 60) return { field: 'orderCode', reason: 'is longer than 60 characters' };
  if (!row.customerCode) return { field: 'customerCode', reason: 'is missing' };
  if (!row.productCode) return { field: 'productCode', reason: 'is missing' };
  if (!row.date) return { field: 'date', reason: 'must be a day of the calendar, YYYY-MM-DD or DD/MM/YYYY' };
  if (row.date > today) return { field: 'date', reason: 'lies in the future' };
  if (!row.quantity || Number(row.quantity) === 0)
    return {
      field: 'quantity',
      reason: 'must be a number other than zero, with at most 4 decimals; below zero for a return',
    };
  if (!row.amount) return { field: 'amount', reason: 'must be an amount in VND, such as 1500000 or 1.500.000' };
  if (Number(row.amount) > largestAmount || Number(row.cost) > largestAmount)
    return {
      field: Number(row.amount) > largestAmount ? 'amount' : 'cost',
      reason: 'is more than a line can be worth, 1,000,000,000,000 VND',
    };
  if (!row.isReturn && typed('amount').startsWith('-') && Number(row.amount) !== 0)
    return { field: 'amount', reason: 'may be below zero only for a return' };
  if (row.cost === '') return { field: 'cost', reason: 'must be an amount in VND, such as 1500000 or 1.500.000' };
  return undefined;
}

/** `2`, `2.5`, `2,5` or `-1`. */
function readQuantity(typed: string): string | undefined {
  const plain = typed.replace(',', '.');
  return /^-?\d{1,12}(\.\d{1,4})?$/.test(plain) ? plain : undefined;
}

/** `1500000`, `1.500.000`, `1,500,000 ₫`; VND has no decimals, so a group of three digits after a mark is thousands. */
function readAmount(typed: string): string | undefined {
  const bare = typed.replace(/\s|₫|đ|VND|VNĐ/gi, '');
  const plain =
    /^-?\d{1,3}(\.\d{3})+$/.test(bare) || /^-?\d{1,3}(,\d{3})+$/.test(bare)
      ? bare.replace(/[.,]/g, '')
      : bare.replace(/\.0{1,4}$/, '');
  return /^-?\d{1,15}$/.test(plain) ? plain : undefined;
}

/** ISO, or day/month/year as is typed in Viet Nam. */
function readDate(typed: string): string | undefined {
  const parts =
    /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed)?.slice(1) ??
    /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(typed)?.slice(1).reverse();
  if (!parts) return undefined;
  const iso = parts.map((part) => part.padStart(2, '0')).join('-');
  const moment = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(iso) ? iso : undefined;
}

function unsigned(decimal: string): string {
  return decimal.replace(/^-/, '');
}
