import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { inScheme } from '../../mail/color-scheme.ts';
import { edgeCases } from '../../mail/edge-cases.ts';
import { Links } from '../../mail/links.ts';
import { previewOf, type Preview } from '../../mail/preview.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import { testMail } from '../../mail/test-mail.ts';

const links = new Links('https://mail.example', 'a secret of thirty-two characters');
const draft = await readSequence('templates', 'c-nurture');
const [sample] = edgeCases(draft.sample ?? noFields);
const welcome = made(previewOf(draft, '01-welcome', sample ?? { fields: noFields, rep: null }));

function made(preview: Preview | { blocked: string }): Preview {
  if ('blocked' in preview) throw new Error(preview.blocked);
  return preview;
}

describe('a preview', () => {
  it('is the mail with its headers, as it would leave', () => {
    expect(welcome).toMatchObject({
      subject: 'Jonas, here is what you asked for, and what comes next',
      preheader: 'Five short mails on unplanned stops; leave at any time',
      headers: {
        From: 'Nora at Northwind <nora@northwind.example>',
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
      categories: ['c-nurture'],
      customArgs: ['send_id', 'enrollment_id', 'step'],
      bytes: Buffer.byteLength(welcome.html),
    });
  });

  it('shows what a phone’s inbox shows, cut between characters as people see them', () => {
    const { inbox } = welcome;
    expect(inbox.sender).toBe('Nora at Northwind');
    expect(inbox.subject).toBe('Jonas, here is what you asked for, and…');
    expect(inbox.preheader).toMatch(/^Five short mails .* at any time Northwind Instruments Glad/);
    const mails = {
      m: {
        subject: '👩‍🔧'.repeat(60),
        preheader: '',
        html: '<p>x</p>',
        text: 'x <https://a.example>',
      },
    };
    const content = { ...draft.content, mails };
    const cut = made(previewOf({ name: 'n', content }, 'm', { fields: noFields, rep: null }));
    expect(cut.inbox).toMatchObject({ subject: `${'👩‍🔧'.repeat(39)}…`, preheader: 'x' });
  });

  it('has no link by which anybody could leave', () => {
    const [token = ''] = /u\/[^">]+/.exec(welcome.html)?.[0].split('/').slice(1) ?? [];
    expect(token).not.toBe('');
    expect(links.open(token, instant(0))).toEqual({ refused: 'forged' });
  });

  it('says why a mail is blocked for a lead', () => {
    const { content } = draft;
    const mails = { m: { subject: '{{ lead.company }}', preheader: '', html: 'x', text: '' } };
    const blocked = previewOf({ name: 'n', content: { ...content, mails } }, 'm', {
      fields: noFields,
      rep: null,
    });
    expect(blocked).toEqual({ blocked: 'undefined variable: lead.company' });
  });

  it('can be looked at as every kind of lead, and shows names as they are written', () => {
    const cases = edgeCases(draft.sample ?? noFields);
    expect(cases.map(({ title }) => title)).toEqual([
      ...['as in sample.json', 'no first name', 'very long company', 'right-to-left', 'emoji'],
      ...["O'Brien", '<script>', 'nothing known'],
    ]);
    for (const mail of Object.keys(draft.content.mails))
      for (const lead of cases) {
        const { html, text, subject } = made(previewOf(draft, mail, lead));
        expect(html).not.toMatch(/<script|<img src=x/);
        for (const part of [html, text, subject]) expect(part).not.toContain('{{ lead.first');
      }
  });
});

describe('a test mail', () => {
  it('is marked as one, bears no id of the ledger, and its links are for no lead', () => {
    const mail = testMail(
      draft,
      '01-welcome',
      { fields: noFields, rep: null },
      'x@y.example',
      links,
    );
    if ('blocked' in mail) throw new Error(mail.blocked);
    expect(mail).toMatchObject({
      to: 'x@y.example',
      subject: '[Test] Hello, here is what you asked for, and what comes next',
      categories: ['test'],
      customArgs: { test: 'c-nurture/01-welcome' },
    });
    expect(Object.keys(mail.customArgs)).toEqual(['test']);
    const [, token = ''] = /\/u\/([^>]+)>/.exec(mail.headers['List-Unsubscribe'] ?? '') ?? [];
    expect(links.open(token, instant(0))).toEqual({ kind: 'unsubscribe', lead: null });
  });
});

describe('a color scheme', () => {
  const html = `<html><head><style>
    @media (prefers-color-scheme:dark) { p { color: #fff } }
    @media screen and ( PREFERS-COLOR-SCHEME : light ), print { p { color: #000 } }
    </style></head><body><p>(prefers-color-scheme: dark)</p>
    <picture><source media="(prefers-color-scheme: dark)" srcset="x"></picture></body></html>`;

  it('is decided wherever a style asks for it, and nowhere else', () => {
    const dark = inScheme(html, 'dark');
    expect(dark).toContain('@media (min-width: 0px) {');
    expect(dark).toContain('@media screen and (max-width: -1px), print {');
    expect(dark).toContain('<p>(prefers-color-scheme: dark)</p>');
    expect(dark).toContain('<source media="(min-width: 0px)"');
    expect(dark).toContain('color-scheme: only dark');
    const light = inScheme(html, 'light');
    expect(light).toContain('@media (max-width: -1px) {');
    expect(light).toContain('@media screen and (min-width: 0px), print {');
  });

  it('never changes anything that stands outside of styles', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const body = text.replaceAll(/[<>]/g, '');
        expect(inScheme(`<head></head>${body}$&`, 'dark').endsWith(`</head>${body}$&`)).toBe(true);
      }),
    );
  });
});
