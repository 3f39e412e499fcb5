/** Length decides, as NIST SP 800-63B has it: no rules on kinds of characters. A password must not be the name, nor one character repeated. */
export function acceptablePassword(password: string, loginName: string): boolean {
  const characters = [...password.normalize('NFC')];
  return (
    characters.length >= 10 &&
    characters.length <= 200 &&
    new Set(characters).size > 3 &&
    password.normalize('NFC').toLowerCase() !== loginName.toLowerCase()
  );
}
