import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseTemplate, elementsIn } from '../../domain/sequence/lint/template.ts';
import type { LeadId } from '../../domain/ids.ts';
import { noFields, type LeadFields } from '../../domain/lead/fields.ts';
import { Links } from '../../mail/links.ts';
import { personalize } from '../../mail/personalize.ts';
import { listSequences, readSequence } from '../../mail/sequence-folder.ts';
import type { SequenceContent } from '../../store/sequence-version.ts';

const links = new Links('https://mail.example', 'a secret of thirty-two characters');

/** What forms and lists hold: nothing, any script, signs, code, far too much. */
const text = fc.oneof(
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }).filter(each => each.isWellFormed()),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    "O'Brien & Söhne",
    '{{ lead.company }}',
    '{% if x %}',
    '}}',
    'מפעלי הצפון',
    '\u202eevil',
    '👩‍🏭🏭',
    'a\r\nBcc: x@y.example',
    '&lt;b&gt;',
    'x'.repeat(5_000),
    '',
    '   ',
  ),
);
const lead: fc.Arbitrary<LeadFields> = fc.record({
  ...{ firstName: text, lastName: text, company: text, title: text, industry: text, country: text },
  employees: fc.option(fc.nat(), { nil: null }),
  region: fc.constant(null),
  zone: fc.constant(null),
});

const sequences: { name: string; content: SequenceContent }[] = [];
beforeAll(async () => {
  for (const name of await listSequences('templates')) {
    const { content, findings } = await readSequence('templates', name);
    expect(findings).toEqual([]);
    sequences.push({ name, content });
  }
});

/** Each mail of each sequence, as a lead gets it. */
function* mailsFor(fields: LeadFields) {
  for (const { content } of sequences)
    for (const mail of Object.keys(content.mails))
      yield {
        mail,
        ...personalize(content, mail, { id: 'x' as LeadId, fields, rep: null }, links),
      };
}

/** What a mail is built of, without what is written in it. */
function shapeOf(html: string): string[] {
  const elements = elementsIn(parseTemplate({ file: '', text: html }, () => null));
  return elements.map(({ name, attributes }) => [name, ...attributes.keys()].join(' '));
}

describe('what lint passes can be made for every lead', () => {
  it('and no field speaks HTML, begins another header, or leaves Liquid behind', () => {
    const shapes = new Map([...mailsFor(noFields)].map(made => [made.mail, shapeOf(made.html)]));
    fc.assert(
      fc.property(lead, fields => {
        // A mark that is in no template: what is left of it was not made.
        const own = Object.values(fields).filter(value => typeof value === 'string');
        const has = (sign: string) => own.some(value => value.includes(sign));
        for (const { mail, subject, html, text: plain } of mailsFor(fields)) {
          expect(shapeOf(html)).toEqual(shapes.get(mail));
          expect(subject).not.toMatch(/[\r\n\u2028\u2029]/);
          for (const part of [subject, html, plain]) {
            if (!has('{{')) expect(part).not.toContain('{{');
            if (!has('{%')) expect(part).not.toContain('{%');
            expect(part).not.toContain('<mj-');
          }
        }
      }),
      { numRuns: 40, examples: [[noFields]] },
    );
  });

  it('and what a field holds that looks like Liquid is a text like any other', () => {
    const fields = { ...noFields, firstName: '{{ lead.company }}', company: 'Secret' };
    for (const { html } of mailsFor(fields))
      if (html.includes('{{')) expect(html).toContain('{{ lead.company }}');
  });
});
