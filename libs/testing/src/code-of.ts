/**
 * The code of the problem that some work is refused with, `done` where it is not.
 * @throws whatever else the work throws
 */
export function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Error && 'kind' in error && 'code' in error) return String(error.code);
    throw error;
  }
  return 'done';
}
