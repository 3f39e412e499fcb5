import type { Customer } from '../../audience/customers/customers.service.js';
import type { Filling } from '../templates/templates.service.js';
import type { Campaign } from './campaign.entity.js';

/** What of a customer a template may speak of. */
export type RenderedCustomer = Pick<
  Customer,
  'code' | 'displayName' | 'title' | 'givenName' | 'familyName' | 'representative' | 'province' | 'rank' | 'language'
>;

/** What it takes to fill a campaign's message for one customer. */
export function fillingOf(
  campaign: Pick<Campaign, 'code' | 'name' | 'content'>,
  customer: RenderedCustomer,
  links: { response: string; unsubscribe: string },
): Filling {
  return {
    content: campaign.content,
    language: customer.language === 'en' ? 'en' : 'vi',
    variables: {
      customer: {
        code: customer.code ?? '',
        name: customer.displayName ?? '',
        title: customer.title ?? '',
        givenName: customer.givenName ?? '',
        familyName: customer.familyName ?? '',
        representative: customer.representative ?? '',
        province: customer.province ?? '',
        rank: customer.rank ?? '',
      },
      campaign: { code: campaign.code, name: campaign.name },
      links,
    },
  };
}
