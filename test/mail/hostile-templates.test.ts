import { mkdir, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DocumentError } from '../../domain/document/problem.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import { cleanSequence, TemplatesFolder } from './clean-sequence.ts';

let folder: TemplatesFolder;
beforeAll(async () => {
  folder = await TemplatesFolder.make();
  await writeFile(join(folder.root, '..', 'outside.mjml'), '<mj-text>outside</mj-text>');
});
beforeEach(() => folder.put('tried', cleanSequence));
afterAll(async () => {
  await rm(join(folder.root, '..', 'outside.mjml'));
  await folder.remove();
});

const path = (file: string) => folder.path('tried', file);
const plan = cleanSequence['sequence.yaml'] ?? '';
const mail = cleanSequence['01-first.mjml'] ?? '';

/** Everything that is told, each with its file, line and column. */
async function told(): Promise<string[]> {
  const began = process.cpuUsage();
  try {
    const { findings } = await readSequence(folder.root, 'tried', { people: ['nora'] });
    return findings.map(
      each => `${each.file}:${each.line}:${each.column}: ${each.message} [${each.rule}]`,
    );
  } catch (error) {
    // Nothing else may come of what somebody writes: a stack says nothing to a marketer.
    if (error instanceof DocumentError) return error.message.split('\n');
    throw error;
  } finally {
    // Of this process alone: how long it takes depends on what else the machine does.
    const { user, system } = process.cpuUsage(began);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  }
}

describe('a sequence.yaml is refused', () => {
  it.each([
    ['a tab', plan.replace('    subject', '\tsubject'), 6, 'Indent with spaces'],
    ['a key twice', plan.replace('owner: nora', 'owner: nora\nowner: theo'), 3, 'unique'],
    [
      'aliases that explode',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
        .split('')
        .map((name, index) => `${name}: &${name} [${`*${'abcdefghi'[index] ?? ''},`.repeat(9)}]`)
        .join('\n')}\n${plan}`,
      2,
      'repeats another part by reference',
    ],
    ['10,000 steps', `${plan}${'  - wait: 1 day\n'.repeat(10_000)}`, 1, 'KB'],
    ['1,000 steps', `${plan}${'  - wait: 1 day\n'.repeat(1_000)}`, 4, 'at most 200 steps'],
    ['lists in lists', `${plan}x: ${'['.repeat(40_000)}`, 1, ''],
    ['groups in groups', `${plan}x: ${'{a: '.repeat(20_000)}`, 1, ''],
    ['nothing', '', 1, 'the document is missing'],
    ['a list', '- a\n- b\n', 1, 'the document is a list'],
    [
      'no text',
      Buffer.from('goal: Gr\xfc\xdfe\n', 'latin1'),
      1,
      'the byte 0xFC after "goal: Gr" is no UTF-8',
    ],
    ['UTF-16', Buffer.from(`\ufeff${plan}`, 'utf16le'), 1, 'saved as UTF-16'],
  ])('that holds %s', async (_what, text, line, says) => {
    await writeFile(path('sequence.yaml'), text);
    const [first = ''] = await told();
    expect(first).toMatch(new RegExp(`sequence\\.yaml:${line === 1 ? '\\d+' : line}:\\d+: `));
    expect(first).toContain(says);
  });

  it('that is a folder', async () => {
    await rm(path('sequence.yaml'));
    await mkdir(path('sequence.yaml'));
    expect(await told()).toEqual([expect.stringMatching(/sequence\.yaml:1:1: it is no file/)]);
  });

  it('that is not there', async () => {
    await rm(path('sequence.yaml'));
    expect(await told()).toEqual([
      expect.stringMatching(/sequence\.yaml:1:1: there is no such file/),
    ]);
  });

  it('that is a link out of the templates', async () => {
    await rm(path('sequence.yaml'));
    await symlink(join(folder.root, '..', 'outside.mjml'), path('sequence.yaml'));
    expect(await told()).toEqual([expect.stringContaining('leads out of the templates')]);
  });

  it('whose folder is a link out of the templates', async () => {
    const elsewhere = join(folder.root, '..', 'elsewhere-sequence');
    await mkdir(elsewhere, { recursive: true });
    await writeFile(join(elsewhere, 'sequence.yaml'), plan);
    await folder.removeSequence('tried');
    await symlink(elsewhere, join(folder.root, 'sequences', 'tried'));
    expect(await told()).toEqual([expect.stringContaining('leads out of the templates')]);
    await unlink(join(folder.root, 'sequences', 'tried'));
    await rm(elsewhere, { recursive: true });
  });
});

describe('a mail is refused', () => {
  it.each<[what: string, text: string | Buffer, says: string]>([
    ['5 MB', `${mail}${'x'.repeat(5_000_000)}`, 'it has 50'],
    ['140 KB of one word', mail.replace('Nora', 'x'.repeat(140_000)), 'keep it under 102 KB'],
    ['140 KB of spaces', mail.replace('Nora', ' '.repeat(140_000)), ''],
    ['140 KB of line ends', mail.replace('Nora', '\n'.repeat(140_000)), ''],
    ['comments without end', `${mail}${'<!--'.repeat(35_000)}`, ''],
    ['outputs without end', mail.replace('Nora', '{{'.repeat(70_000)), 'invalid value expression'],
    ['tags without end', mail.replace('Nora', '{%'.repeat(70_000)), 'not closed'],
    [
      'many outputs',
      mail.replace('Nora', '{{ lead.x }}'.repeat(11_000)),
      'pieces of Liquid; more than',
    ],
    [
      'tags that never close',
      mail.replace('Nora', '<mj-text '.repeat(15_000)),
      'has no ">" at its end',
    ],
    [
      'very many elements',
      mail.replace('<p>Nora</p>', '<b>x</b>'.repeat(17_000)),
      'elements; more than',
    ],
    ['elements in each other', mail.replace('Nora', '<div>'.repeat(1_900)), 'stands in 61 others'],
    ['a link of 100 KB', mail.replace('https://northwind', `https://${'/.'.repeat(50_000)}`), ''],
    [
      'a style of 100 KB',
      mail.replace('<mj-preview>', `<mj-style>${'a{b:c} '.repeat(14_000)}</mj-style><mj-preview>`),
      '',
    ],
    [
      'a loop without end',
      mail.replace('Nora', '{% for i in (1..99999999) %}x{% endfor %}'),
      'cost too much',
    ],
    [
      'a text that doubles',
      mail.replace(
        'Nora',
        `{% assign s = "x" %}${'{% assign s = s | append: s %}'.repeat(60)}{{ s }}`,
      ),
      'memory',
    ],
    [
      'a filter that does not exist',
      mail.replace('Nora', '{{ lead.company | evil }}'),
      'undefined filter: evil',
    ],
    ['no text', Buffer.from(mail.replace('Nora', 'Gr\xfc\xdfe'), 'latin1'), 'the byte 0xFC'],
    ['nothing', '', ''],
    ['no MJML', 'Hello', ''],
    ['a NUL', mail.replace('Nora', 'No\0ra'), ''],
  ])('that holds %s', async (_what, text, says) => {
    await writeFile(path('01-first.mjml'), text);
    const all = await told();
    expect(all.join('\n')).toContain(says);
    for (const line of all) expect(line).toMatch(/^\S+:\d+:\d+: .+/);
  });

  it('that is a link out of the templates, or a folder', async () => {
    await rm(path('01-first.mjml'));
    await symlink(join(folder.root, '..', 'outside.mjml'), path('01-first.mjml'));
    expect((await told()).join()).toContain('leads out of the templates');
    await rm(path('01-first.mjml'));
    await mkdir(path('01-first.mjml'));
    expect((await told()).join()).toContain('it is no file');
  });

  it('that includes a link out of the templates', async () => {
    await symlink(join(folder.root, '..', 'outside.mjml'), path('in.mjml'));
    await writeFile(path('01-first.mjml'), mail.replace('../../brand/header.mjml', './in.mjml'));
    expect((await told()).join()).toContain('"./in.mjml": it is a link that leads out');
    const { content } = await readSequence(folder.root, 'tried', { people: ['nora'] });
    expect(content.mails['01-first']?.html).not.toContain('outside');
  });

  it('that brings in more and more, each including the next twice', async () => {
    for (let n = 0; n < 20; n++)
      await writeFile(path(`n${n}.mjml`), `<mj-include path="./n${n + 1}.mjml" />`.repeat(2));
    await writeFile(path('n20.mjml'), '<mj-text>x</mj-text>');
    await writeFile(path('01-first.mjml'), mail.replace('../../brand/header.mjml', './n0.mjml'));
    expect((await told()).join()).toContain('more than 40 includes');
  });

  it('that is gone when it is read', async () => {
    const reading = told();
    await rm(path('02-second.mjml'));
    const all = (await reading).join();
    if (all !== '') expect(all).toContain('there is no 02-second.mjml');
  });
});

it('a sample that is too large, or a link, is refused', async () => {
  await writeFile(path('sample.json'), `{"lead":{"company":"${'x'.repeat(30_000)}"}}`);
  expect((await told()).join()).toContain('sample.json:1:1: it has 30 KB');
  await rm(path('sample.json'));
  await symlink(join(folder.root, '..', 'outside.mjml'), path('sample.json'));
  expect((await told()).join()).toContain('leads out of the templates');
});
