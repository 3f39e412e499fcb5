import { StaffAbsent, StaffJoined, StaffLeft } from '@quen/events';
import { Staff } from './staff.entity.js';

const id = '01890000-0000-7000-8000-000000000001';
const branchId = '01890000-0000-7000-8000-000000000002';
const other = '01890000-0000-7000-8000-000000000003';
const join = () => Staff.join(id, { loginName: 'lan', displayName: 'Nguyễn Thị Lan', roles: ['seller'], branchId });

describe('staff', () => {
  it('joins with a fact that carries no personal data', () => {
    const { staff, event } = join();
    expect(event).toBeInstanceOf(StaffJoined);
    expect({ ...event }).toEqual({ staffId: id, branchId, roles: ['seller'] });
    expect(staff.active).toBe(true);
  });

  it('goes away and comes back', () => {
    const { staff } = join();
    const event = staff.goAway('2026-02-16', '2026-02-20', other);
    expect(event).toBeInstanceOf(StaffAbsent);
    expect(staff.state('KD')).toMatchObject({
      absentFrom: '2026-02-16',
      absentUntil: '2026-02-20',
      substituteId: other,
      department: 'KD',
    });
    staff.comeBack();
    expect(staff.state(undefined)).not.toHaveProperty('absentFrom');
  });

  it('is not away backwards and nobody stands in for themselves', () => {
    const { staff } = join();
    expect(() => staff.goAway('2026-02-16', '2026-02-15', null)).toThrow(/absence_backwards/);
    expect(() => staff.goAway('2026-02-16', null, id)).toThrow(/substitute_self/);
  });

  it('leaves once, and only coming back is possible then', () => {
    const { staff } = join();
    staff.goAway('2026-02-16', null, null);
    expect(staff.leave(new Date())).toBeInstanceOf(StaffLeft);
    expect(staff).toMatchObject({ active: false, absentFrom: null });
    expect(() => staff.leave(new Date())).toThrow(/staff_left/);
    expect(() => staff.change({ displayName: 'Lan' })).toThrow(/staff_left/);
    expect(staff.rejoin()).toBeInstanceOf(StaffJoined);
    expect(() => staff.rejoin()).toThrow(/staff_active/);
  });
});
