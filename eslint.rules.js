/**
 * Rules of this repository that no plugin has.
 */

/** @param {{ type: string, name?: string, callee?: any, object?: any, tag?: any }} node what is called */
function calledAs(node) {
  if (node.type === 'Identifier') return node.name;
  const inner = node.callee ?? node.object ?? node.tag;
  return inner && calledAs(inner);
}

/**
 * The body of a test says in a few lines what is done and what is expected; how it is done belongs to builders and
 * drivers. Its lines are counted as they are formatted, the braces not among them.
 */
const shortTests = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'integer', minimum: 1 }],
    messages: {
      long: 'A test of {{lines}} lines, above {{most}}: use a builder or a driver, or make it two tests.',
    },
  },
  create(context) {
    const [most] = context.options;
    return {
      CallExpression(node) {
        if (!['it', 'test'].includes(calledAs(node.callee))) return;
        for (const { type, body } of node.arguments) {
          if (type !== 'ArrowFunctionExpression' && type !== 'FunctionExpression') continue;
          const span = body.loc.end.line - body.loc.start.line;
          const lines = body.type === 'BlockStatement' ? span - 1 : span + 1;
          if (lines > most) context.report({ node, messageId: 'long', data: { lines, most } });
        }
      },
    };
  },
};

export default { rules: { 'short-tests': shortTests } };

/**
 * Suites with a test above the limit, and their longest. The list only shrinks: a number is lowered when a test was
 * shortened, and a suite without a long test leaves.
 */
export const stillLong = {
  'libs/chassis/src/example-service/bus-positions.it-spec.ts': 78,
  'libs/chassis/src/example-service/bus.it-spec.ts': 120,
  'libs/chassis/src/example-service/lists.it-spec.ts': 54,
  'libs/messaging/src/consuming/bootstrap.it-spec.ts': 51,
  'libs/messaging/src/consuming/consumer.it-spec.ts': 42,
  'libs/messaging/src/consuming/lag-metrics.spec.ts': 62,
  'libs/messaging/src/consuming/parking.it-spec.ts': 71,
  'libs/messaging/src/kafka/kafka-client.it-spec.ts': 43,
  'libs/messaging/src/kafka/other-producers.it-spec.ts': 43,
  'libs/messaging/src/producing/outbox.it-spec.ts': 44,
  'services/analytics/src/facts/facts.it-spec.ts': 54,
  'services/analytics/src/models/models.it-spec.ts': 45,
  'services/analytics/src/rebuild.it-spec.ts': 64,
  'services/customers/src/customers/customers.it-spec.ts': 44,
  'services/customers/src/imports/imports.it-spec.ts': 42,
  'services/customers/src/timeline/timeline.it-spec.ts': 41,
  'services/identity/src/issuer/first-administrator.it-spec.ts': 49,
  'services/identity/src/issuer/issuer.it-spec.ts': 51,
  'services/marketing/src/audience/suppressions/suppressions.it-spec.ts': 88,
  'services/marketing/src/demand/leads/leads.it-spec.ts': 80,
  'services/marketing/src/outreach/campaigns/campaigns.it-spec.ts': 65,
  'services/sales/src/agreements/quotes/quotes.it-spec.ts': 60,
  'services/sales/src/catalogue/products/products.it-spec.ts': 76,
  'services/sales/src/fulfilment/orders/order-import.it-spec.ts': 76,
  'services/sales/src/fulfilment/orders/order-import.plan.spec.ts': 46,
  'services/sales/src/fulfilment/orders/order.entity.spec.ts': 50,
  'services/sales/src/pipeline/leads/leads.it-spec.ts': 71,
  'services/sales/src/pipeline/opportunities/opportunities.it-spec.ts': 70,
  'services/sales/src/rebuild.it-spec.ts': 75,
  'services/sales/src/replicas/customers/customers.it-spec.ts': 41,
  'services/support/src/cases/cases.it-spec.ts': 49,
};
