import { Injectable } from '@nestjs/common';
import { Database, find, lock, page, type Page, type ParsedList } from '@quen/chassis';
import { defineProblem, newId, type Transaction } from '@quen/messaging';
import { Department } from './department.entity.js';
import type { ChangeDepartment, CreateDepartment } from './departments.dto.js';
import { departments } from './departments.list.js';

export const departmentCodeTaken = defineProblem('conflict', 'department_code_taken', {
  en: 'Another department has the code {code}.',
  vi: 'Mã {code} đã được phòng ban khác dùng.',
});
export const departmentUnknown = defineProblem('unprocessable', 'department_unknown', {
  en: 'There is no department {id} in use.',
  vi: 'Không có phòng ban {id} đang dùng.',
});

/** Departments: a flat list. */
@Injectable()
export class DepartmentsService {
  constructor(private readonly database: Database) {}

  create(body: CreateDepartment): Promise<Department> {
    return this.database.transaction(async (tx) => {
      const made = await tx.query<unknown[]>(
        'insert into department (id, code, name) values ($1, $2, $3) on conflict (code) do nothing returning id',
        [newId(), body.code, body.name],
      );
      if (made.length === 0) throw departmentCodeTaken({ code: body.code });
      return tx.findOneByOrFail(Department, { code: body.code });
    });
  }

  list(query: ParsedList): Promise<Page<Department>> {
    return this.database.read((tx) => page(tx, departments, query));
  }

  get(id: string): Promise<Department> {
    return this.database.read((tx) => find(tx, Department, id));
  }

  change(id: string, version: number, body: ChangeDepartment): Promise<Department> {
    return this.database.transaction(async (tx) => {
      const department = await lock(tx, Department, id, version);
      return tx.save(Object.assign(department, body));
    });
  }

  /** The department that someone joins. */
  async inUse(tx: Transaction, id: string): Promise<Department> {
    const department = await tx.findOneBy(Department, { id, active: true });
    if (!department) throw departmentUnknown({ id });
    return department;
  }

  /** The code of a department, also of one that is out of use. */
  async codeOf(tx: Transaction, id: string | null): Promise<string | undefined> {
    return id === null ? undefined : (await tx.findOneBy(Department, { id }))?.code;
  }
}
