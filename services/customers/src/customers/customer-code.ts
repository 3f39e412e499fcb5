/** What a code format must look like. */
export const codeFormat = /^[A-Z0-9./-]{0,20}\{0{1,12}\}[A-Z0-9./-]{0,20}$/;
