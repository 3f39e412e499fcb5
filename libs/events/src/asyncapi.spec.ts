import { Parser } from '@asyncapi/parser';
import { asyncApi, events, PaymentReceived } from './index.js';

const services = [...new Set(events().map((each) => each.topic.service))];

it.each(services)('the AsyncAPI document of %s is valid', async (service) => {
  const document = asyncApi({
    service,
    title: service,
    description: 'Events.',
    version: '1.0.0',
    consumes: [PaymentReceived],
  });
  const { diagnostics, document: parsed } = await new Parser().parse(JSON.stringify(document));
  expect(diagnostics.filter((each) => each.severity === 0)).toEqual([]);
  expect(
    parsed
      ?.operations()
      .filterByReceive()
      .flatMap((each) =>
        each
          .messages()
          .all()
          .map((message) => message.name()),
      ),
  ).toEqual(expect.arrayContaining(['crm.sales.payment-received.v1']));
});
