/**
 * Writes the n-th code in a format such as `KH-{000000}`: the braces hold the number, padded to so many digits;
 * a number that needs more digits takes them.
 */
export function formatCode(format: string, number: number): string {
  return format.replace(/\{(0+)\}/, (_, zeros: string) => String(number).padStart(zeros.length, '0'));
}

/** What a code format must look like. */
export const codeFormat = /^[A-Z0-9./-]{0,20}\{0{1,12}\}[A-Z0-9./-]{0,20}$/;
