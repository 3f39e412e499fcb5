import { Column, CreateDateColumn, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { BranchState, build } from '@quen/events';
import { defineProblem } from '@quen/messaging';

/** Levels from the root down that a tree may have. */
export const maximumDepth = 10;

export const branchBelowItself = defineProblem('unprocessable', 'branch_below_itself', {
  en: 'A branch cannot be moved below itself.',
  vi: 'Không thể chuyển chi nhánh xuống dưới chính nó.',
});
export const branchTooDeep = defineProblem('unprocessable', 'branch_too_deep', {
  en: 'A tree of branches may have {maximum} levels at most.',
  vi: 'Cây chi nhánh chỉ được có tối đa {maximum} cấp.',
});
export const branchClosed = defineProblem('unprocessable', 'branch_closed', {
  en: 'Branch {code} is closed.',
  vi: 'Chi nhánh {code} đã đóng.',
});
export const branchInUse = defineProblem('conflict', 'branch_in_use', {
  en: 'Branch {code} still has open branches below it, active staff or active clients.',
  vi: 'Chi nhánh {code} vẫn còn chi nhánh trực thuộc, nhân viên hoặc ứng dụng đang hoạt động.',
});

/** What a branch is told besides its place in the tree. */
export interface BranchDetails {
  code: string;
  name: string;
  province?: string | null;
  address?: string | null;
  phone?: string | null;
}

/** A node of the tree of branches. */
@Entity('branch')
export class Branch {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ type: 'text' })
  code!: string;

  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'uuid', nullable: true })
  parentId!: string | null;

  /** Ids from the root down to this branch, joined by dots. */
  @Column({ type: 'text' })
  path!: string;

  @Column({ type: 'text', nullable: true })
  province!: string | null;

  @Column({ type: 'text', nullable: true })
  address!: string | null;

  @Column({ type: 'text', nullable: true })
  phone!: string | null;

  @Column({ type: 'boolean' })
  active!: boolean;

  @VersionColumn()
  version!: number;

  @CreateDateColumn({ type: 'timestamptz', update: false })
  createdAt!: Date;

  /** Opens a branch below another one, or a root without. */
  static open(id: string, details: BranchDetails, parent: Branch | null): Branch {
    const branch = Object.assign(new Branch(), {
      province: null,
      address: null,
      phone: null,
      ...details,
      id,
      active: true,
    });
    branch.place(parent);
    return branch;
  }

  /**
   * Moves the branch with everything below it. `levelsBelow` is the height of its own subtree.
   * @returns the path before, which the paths of all branches below begin with.
   */
  moveTo(parent: Branch | null, levelsBelow: number): string {
    const before = this.path;
    if (parent && `${parent.path}.`.startsWith(`${this.path}.`)) throw branchBelowItself();
    this.place(parent, levelsBelow);
    return before;
  }

  /** Closes the branch; nothing may be at work in it or below it. */
  close(inUse: boolean): void {
    if (inUse) throw branchInUse({ code: this.code });
    this.active = false;
  }

  /** Opens a closed branch again, which needs an open one above. */
  reopen(parent: Branch | null): void {
    if (parent && !parent.active) throw branchClosed({ code: parent.code });
    this.active = true;
  }

  /** The branch as other services keep it. */
  state(): BranchState {
    return build(BranchState, {
      branchId: this.id,
      version: this.version,
      code: this.code,
      name: this.name,
      path: this.path,
      active: this.active,
      ...(this.parentId ? { parentId: this.parentId } : {}),
      ...(this.province ? { province: this.province } : {}),
    });
  }

  private place(parent: Branch | null, levelsBelow = 0): void {
    if (parent && !parent.active) throw branchClosed({ code: parent.code });
    const depth = (parent ? depthOf(parent.path) : 0) + 1 + levelsBelow;
    if (depth > maximumDepth) throw branchTooDeep({ maximum: maximumDepth });
    this.parentId = parent?.id ?? null;
    this.path = parent ? `${parent.path}.${this.id}` : this.id;
  }
}

/** Levels of a path: 1 for a root. */
export const depthOf = (path: string): number => path.split('.').length;
