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
