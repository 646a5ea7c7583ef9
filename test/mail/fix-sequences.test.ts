import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rules } from '../../domain/sequence/lint/rules.ts';
import { fixSequences } from '../../mail/fix-sequences.ts';
import { cleanSequence, TemplatesFolder } from './clean-sequence.ts';

let folder: TemplatesFolder;
beforeAll(async () => {
  folder = await TemplatesFolder.make();
});
afterAll(() => folder.remove());

const plan = cleanSequence['sequence.yaml'] ?? '';
const mail = cleanSequence['01-first.mjml'] ?? '';
const text = '<p>Nora</p>';

/** What was written, and what it becomes; all that stands around it stays. */
const mends: readonly [rule: string, wrong: string, right: string][] = [
  [
    'counted-link',
    '<a   href="{{ links.stay }}" >Say yes or no</a><!-- kept -->',
    '<a clicktracking="off"   href="{{ links.stay }}" >Say yes or no</a><!-- kept -->',
  ],
  ['unknown-variable', '{{  lead.compny|default:"you" }}', '{{  lead.company|default:"you" }}'],
  ['unknown-filter', '{{ lead.company | defalt: "you" }}', '{{ lead.company | default: "you" }}'],
  [
    'raw-filter',
    '{{ lead.company | default: "you" | raw }}',
    '{{ lead.company | default: "you" }}',
  ],
  [
    'glued-field',
    'Hello{{ lead.company | default: "you" }}',
    'Hello {{ lead.company | default: "you" }}',
  ],
  [
    'insecure-link',
    '<a href="http://northwind.example/a">The first story</a>',
    '<a href="https://northwind.example/a">The first story</a>',
  ],
];

it.each(mends)('%s: %s', async (rule, wrong, right) => {
  await folder.put('tried', {
    ...cleanSequence,
    '01-first.mjml': mail.replace(text, `<p>${wrong}</p>`),
  });
  const around = { people: ['nora'], roles: null, agreed: null };
  const path = folder.path('tried', '01-first.mjml');
  const dry = await fixSequences(folder.root, ['tried'], around, true);
  expect(dry.mended.map(each => each.rule)).toEqual([rule]);
  expect(await readFile(path, 'utf8')).toContain(wrong);
  const { mended, findings } = await fixSequences(folder.root, ['tried'], around, false);
  expect(mended).toMatchObject([{ rule, before: `<mj-text><p>${wrong}</p></mj-text>` }]);
  expect(await readFile(path, 'utf8')).toBe(mail.replace(text, `<p>${right}</p>`));
  expect(findings).toEqual([]);
});

it('a preheader that is not shown is put into the head, in a line of its own', async () => {
  const without = mail.replace('    <mj-preview>{{ mail.preheader }}</mj-preview>\n', '');
  await folder.put('tried', { ...cleanSequence, '01-first.mjml': without });
  const around = { people: ['nora'], roles: null, agreed: null };
  expect((await fixSequences(folder.root, ['tried'], around, false)).findings).toEqual([]);
  expect(await readFile(folder.path('tried', '01-first.mjml'), 'utf8')).toBe(mail);
});

it('a subject is mended in its line of the YAML alone; comments and quotes stay as they are', async () => {
  const wrong = plan
    .replace(
      'subject: Three plants',
      'subject: \'{{ lead.compny | defalt: "You" }}, three plants\' # short\n    # Three plants',
    )
    .replace('owner:', 'owner:   ');
  await folder.put('tried', { ...cleanSequence, 'sequence.yaml': wrong });
  const around = { people: ['nora'], roles: null, agreed: null };
  const { findings, mended } = await fixSequences(folder.root, ['tried'], around, false);
  expect(findings).toEqual([]);
  expect(mended.map(({ rule, line }) => [rule, line])).toEqual([
    ['unknown-filter', 6],
    ['unknown-variable', 6],
  ]);
  expect(await readFile(folder.path('tried', 'sequence.yaml'), 'utf8')).toBe(
    wrong.replace('compny', 'company').replace('defalt', 'default'),
  );
});

it('every rule that says what --fix does has a test here', () => {
  const fixable = rules.filter(({ fix }) => fix !== undefined).map(({ id }) => id);
  expect(fixable.toSorted()).toEqual([...mends.map(([rule]) => rule), 'preview'].toSorted());
});
