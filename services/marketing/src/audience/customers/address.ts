import { normalEmail } from '@quen/chassis';
import type { ContactChannel } from '@quen/events';

export { normalEmail };

/** An address of any channel in the form in which it is kept and compared: a mailbox, else a phone number in E.164. */
export function normalAddress(typed: string): string {
  return typed.includes('@') ? normalEmail(typed) : typed.trim();
}

/** The addresses at which a channel reaches a customer; letters and visits go by none that is kept here. */
export function addressesOn(
  channel: ContactChannel,
  customer: { emails: readonly string[]; phones: readonly string[] },
): readonly string[] {
  switch (channel) {
    case 'email':
      return customer.emails;
    case 'sms':
    case 'phone':
    case 'zalo':
      return customer.phones;
    default:
      return [];
  }
}
