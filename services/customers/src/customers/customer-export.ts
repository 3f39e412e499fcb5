import { defineExport } from '@quen/chassis';
import { isCitizenId } from './citizen-id.js';
import { customerList, searchCustomers } from './customer-search.js';
import type { Customer } from './customer.entity.js';

/** Several values of one cell. */
const joined = (values: readonly string[]): string => values.join('; ');

/** The list of customers as a file, with headings that an import of customers knows. */
export const customerExport = defineExport<Customer>({
  name: 'customers',
  list: customerList,
  page: (tx, query) => searchCustomers(tx, query, undefined),
  resource: 'customer',
  columns: {
    code: { heading: { vi: 'Mã khách hàng', en: 'Code' } },
    kind: { heading: { vi: 'Loại khách', en: 'Kind' } },
    category: { heading: { vi: 'Phân loại', en: 'Category' } },
    displayName: { heading: { vi: 'Họ và tên', en: 'Name' } },
    title: { heading: { vi: 'Danh xưng', en: 'Title' } },
    representative: { heading: { vi: 'Người đại diện', en: 'Representative' } },
    phones: { heading: { vi: 'Điện thoại', en: 'Phone' }, of: ({ phones }) => joined(phones.map(({ e164 }) => e164)) },
    emails: { heading: { vi: 'Email', en: 'Email' }, of: ({ emails }) => joined(emails) },
    // A tax code that is a citizen id is shown as one, to those who may read them.
    taxCode: {
      heading: { vi: 'Mã số thuế', en: 'Tax code' },
      of: ({ taxCode }) => (isCitizenId(taxCode) ? null : taxCode),
    },
    citizenId: {
      heading: { vi: 'Số CCCD', en: 'Citizen ID' },
      of: ({ citizenId, taxCode }) => citizenId ?? (isCitizenId(taxCode) ? taxCode : null),
      needs: 'read-citizen-id',
    },
    address: { heading: { vi: 'Địa chỉ', en: 'Address' }, of: ({ address }) => address?.text },
    province: { heading: { vi: 'Tỉnh thành', en: 'Province' }, of: ({ address }) => address?.province },
    birthDate: { heading: { vi: 'Ngày sinh', en: 'Birth date' }, as: 'day' },
    sex: { heading: { vi: 'Giới tính', en: 'Sex' } },
    industry: { heading: { vi: 'Ngành nghề', en: 'Industry' } },
    field: { heading: { vi: 'Lĩnh vực', en: 'Field' } },
    size: { heading: { vi: 'Quy mô', en: 'Size' } },
    revenue: { heading: { vi: 'Doanh thu', en: 'Revenue' }, as: 'number', of: ({ revenue }) => revenue?.amount },
    source: { heading: { vi: 'Nguồn', en: 'Source' } },
    needs: { heading: { vi: 'Nhu cầu', en: 'Needs' } },
    note: { heading: { vi: 'Ghi chú', en: 'Note' } },
    language: { heading: { vi: 'Ngôn ngữ', en: 'Language' } },
    department: { heading: { vi: 'Phòng ban', en: 'Department' } },
    customerSince: { heading: { vi: 'Khách hàng từ', en: 'Customer since' }, as: 'day' },
    registeredAt: { heading: { vi: 'Ngày ghi nhận', en: 'Registered at' } },
  },
});
