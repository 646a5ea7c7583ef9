import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import { noFields, type LeadFields } from '../../domain/lead/fields.ts';
import { Links } from '../../mail/links.ts';
import { personalize, TemplateError } from '../../mail/personalize.ts';
import { readSequence, listSequences } from '../../mail/sequence-folder.ts';
import type { CompiledMail } from '../../store/sequence-version.ts';
import { address } from '../program.ts';

const links = new Links('https://mail.example', 'a secret of thirty-two characters');
const brand = {
  company: 'Test',
  sender: { name: 'T', address: address('t@t.example') },
  postalAddress: 'Street 1, Town',
};
const make = (
  mail: Partial<CompiledMail>,
  fields: Partial<LeadFields> = {},
  rep: string | null = null,
) =>
  personalize(
    { brand, mails: { m: { subject: 's', preheader: 'p', html: '', text: '', ...mail } } },
    'm',
    { id: 'lead-1' as LeadId, fields: { ...noFields, ...fields }, rep },
    links,
  );

describe('a mail for a lead', () => {
  it('has its fields, its way to leave, and the sender’s address', () => {
    const mail = make(
      {
        subject: 'Hi {{ lead.first_name }}',
        html: '{{ lead.company }} {{ brand.postal_address }} {{ links.unsubscribe }} {{ mail.subject }}',
      },
      { firstName: 'Ada', company: 'Engines' },
    );
    expect(mail.subject).toBe('Hi Ada');
    expect(mail.html).toBe(`Engines Street 1, Town ${mail.unsubscribe} Hi Ada`);
    expect(mail.unsubscribe).toMatch(/^https:\/\/mail\.example\/u\/u\.lead-1\./);
  });

  it('is signed by the rep that the lead is with, or else by the sender', () => {
    const html = '{{ rep.name | default: brand.sender }}, {{ rep.first_name | default: "us" }}';
    expect(make({ html }, {}, 'Sophie de Vries').html).toBe('Sophie de Vries, Sophie');
    expect(make({ html }, {}, ' ').html).toBe('T, us');
    expect(make({ html }, {}).html).toBe('T, us');
    expect(() => make({ html: '{{ rep.name }}' })).toThrow('undefined variable: rep.name');
  });

  it('says what is missing when a field is, unless there is a default', () => {
    expect(() => make({ html: '{{ lead.company }}' })).toThrow(
      new TemplateError('undefined variable: lead.company'),
    );
    expect(make({ html: '{{ lead.company | default: "you" }}' }).html).toBe('you');
    expect(make({ html: '{% if lead.company %}x{% else %}y{% endif %}' }).html).toBe('y');
  });

  it.each([
    ['{% render "package.json" %}'],
    ['{% include "../../package.json" %}'],
    ['{% layout "package.json" %}'],
    ['{% for i in (1..100000000) %}x{% endfor %}'],
    ['{{ lead.constructor }}'],
    ['{{ lead.__proto__ }}'],
    ['{{ nothing.at.all }}'],
    ['{{ lead.first_name | nofilter }}'],
    ['{% if %}'],
    ['{% for x in'],
  ])('cannot be made from %s', html => {
    expect(() => make({ html }, { firstName: 'Ada' })).toThrow(TemplateError);
  });

  it('never lets a field speak HTML, nor begin another header', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x>',
        "O'Brien & Söhne",
        'a\r\nBcc: x@y.example',
        '{{ lead.company }}',
        '{% if %}',
        '\u2028x',
      ),
    );
    fc.assert(
      fc.property(nasty, text => {
        const mail = make(
          {
            subject: '{{ lead.first_name | default: "x" }}',
            html: '<p title="{{ lead.first_name | default: "x" }}">{{ lead.first_name | default: "x" }}</p>',
          },
          { firstName: text },
        );
        expect(mail.html.match(/</g)).toHaveLength(2);
        expect(mail.html.match(/"/g)).toHaveLength(2);
        expect(mail.subject).not.toMatch(/[\r\n\u2028\u2029]/);
      }),
    );
  });

  it('has names as they are in the subject, and escaped in HTML', () => {
    const mail = make(
      { subject: '{{ lead.last_name }}', html: '{{ lead.last_name }}' },
      { lastName: "O'Brien" },
    );
    expect(mail).toMatchObject({ subject: "O'Brien", html: 'O&#39;Brien' });
  });
});

describe('the shipped sequences', () => {
  it('have nothing that a rule would find, and can be made for a lead of whom nothing is known', async () => {
    const names = await listSequences('templates');
    expect(names).toEqual([
      'c-nurture',
      'd-long-cycle',
      'problem-education',
      'referral',
      'stay-in-touch',
    ]);
    for (const name of names) {
      const { findings, content } = await readSequence('templates', name);
      expect(findings).toEqual([]);
      expect(Object.keys(content.mails).length).toBeGreaterThanOrEqual(3);
      for (const mail of Object.keys(content.mails)) {
        const { html, text, subject } = personalize(
          content,
          mail,
          { id: 'x' as LeadId, fields: noFields, rep: null },
          links,
        );
        for (const part of [html, text, subject]) expect(part).not.toMatch(/\{\{|\{%|<mj-/);
        expect(text).toContain('Northwind Instruments GmbH, Speicherstrasse 12');
        expect(text).toContain('https://mail.example/u/u.x.');
        expect(text.split('\n')[0]).toBe('Northwind Instruments');
      }
    }
  });
});
