import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engines, parseLiquid, renderLiquid } from '../../mail/liquid.ts';

const names = ['lead', 'rep', 'nobody'];
const fields = ['first_name', 'company', 'employees', 'size', 'first', 'constructor'];
const variable = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(...fields))
  .map(parts => parts.join('.'));
const space = fc.constantFrom('', ' ', '\n');
const word = fc.constantFrom('there', '', '<b>', "O'B & co", 'ä 🚀');
const filter = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 3, arbitrary: word.map(text => `| default: "${text}"`) },
  { weight: 3, arbitrary: variable.map(name => `|default: ${name}`) },
  word.filter(text => !text.includes("'")).map(text => `| default:'${text}'`),
  fc.constantFrom(
    '| default: 3',
    '| default: "x" | upcase',
    '| raw',
    '| default: "a\\"b"',
    '| nofilter',
  ),
);
const output = fc
  .tuple(
    fc.constantFrom('{{', '{{-'),
    space,
    variable,
    space,
    filter,
    space,
    fc.constantFrom('}}', '-}}'),
  )
  .map(parts => parts.join(''));
const piece = fc.oneof(
  { weight: 4, arbitrary: output },
  {
    weight: 2,
    arbitrary: fc.constantFrom('text ', ' <p title="', '">', '{% comment %}x{% endcomment %}'),
  },
  fc
    .tuple(variable, output, output)
    .map(([asked, then, otherwise]) => `{% if ${asked} %}${then}{% else %}${otherwise}{% endif %}`),
);
const shadow = fc.constantFrom(
  ...[
    '',
    '',
    '',
    '{% assign lead = "x" %}',
    '{% capture lead %}y{% endcapture %}',
    '{% assign rep = lead -%}',
  ],
  '{% for lead in rep.first_name %}{{ lead.company }}{% endfor %}',
);
const source = fc
  .tuple(shadow, fc.array(piece, { minLength: 1, maxLength: 8 }))
  .map(([before, pieces]) => before + pieces.join(''));

const value = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme' }) },
  fc.constantFrom('<script>', '"><img>', "O'Brien & Söhne", '', ' ', '{{ lead.company }}'),
  fc.oneof(fc.integer(), fc.double()),
  fc.constantFrom(null, undefined, false, true, ['a', 'b'], { company: 'nested' }, () => 'called'),
);
const some = fc.dictionary(fc.constantFrom(...fields), value, { noNullPrototype: true });
const variables = fc.record(
  { lead: some, rep: fc.oneof({ weight: 5, arbitrary: some }, value) },
  { requiredKeys: [], noNullPrototype: true },
);

/** What a template comes to, or what is complained of. */
function outcome(render: () => string): string {
  try {
    return `made: ${render()}`;
  } catch (error) {
    return `refused: ${String(error)}`;
  }
}

describe('a plain output', () => {
  it.each(['html', 'text'] as const)('comes to what Liquid makes of it, as %s', kind => {
    fc.assert(
      fc.property(source, variables, (text, given) => {
        const liquid = outcome(() => {
          const engine = engines[kind];
          return String(engine.renderSync(engine.parse(text), given));
        });
        expect(outcome(() => renderLiquid(parseLiquid(text, kind), given))).toBe(liquid);
      }),
      { numRuns: 500 },
    );
  });

  it('is bounded as Liquid is', () => {
    const whole = parseLiquid('{{ lead.company }}'.repeat(30), 'html');
    const lead = { company: 'x'.repeat(400_000) };
    expect(() => renderLiquid(whole, { lead })).toThrow('memory alloc limit exceeded');
  });
});
