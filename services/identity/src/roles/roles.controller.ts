import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Allow, Shows } from '@quen/chassis';
import { staffRoles, type StaffRole } from '@quen/events';
import { RolesView } from './roles.dto.js';

const names: Record<StaffRole, { nameVi: string; nameEn: string }> = {
  administrator: { nameVi: 'Quản trị hệ thống', nameEn: 'Administrator' },
  director: { nameVi: 'Giám đốc', nameEn: 'Director' },
  'branch-manager': { nameVi: 'Quản lý chi nhánh', nameEn: 'Branch manager' },
  marketer: { nameVi: 'Nhân viên tiếp thị', nameEn: 'Marketer' },
  seller: { nameVi: 'Nhân viên bán hàng', nameEn: 'Seller' },
  agent: { nameVi: 'Nhân viên chăm sóc khách hàng', nameEn: 'Service agent' },
  accountant: { nameVi: 'Kế toán', nameEn: 'Accountant' },
  'data-reader': { nameVi: 'Người đọc dữ liệu', nameEn: 'Data reader' },
};

@ApiTags('Roles')
@Controller('roles')
export class RolesController {
  @Get()
  @Allow('role', 'read')
  @Shows(RolesView)
  @ApiOperation({
    summary: 'List roles',
    description: 'Roles are fixed: what each of them may do is declared by every service.',
  })
  listRoles(): RolesView {
    return { data: staffRoles.map((role) => ({ role, ...names[role] })) };
  }
}
