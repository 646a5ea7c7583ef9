import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../domain/sequence/lint/rules.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import { cleanSequence, TemplatesFolder } from './clean-sequence.ts';
import { wrongLooks } from './wrong-looks.ts';
import { wrongMails } from './wrong-mails.ts';
import { wrongPlans } from './wrong-plans.ts';
import type { WrongTemplate } from './wrong-template.ts';

/** At least one for each rule. */
const wrongTemplates = [...wrongPlans, ...wrongMails, ...wrongLooks];

let folder: TemplatesFolder;
beforeAll(async () => {
  folder = await TemplatesFolder.make();
});
afterAll(() => folder.remove());

/** What the agreement says of all mails. */
const agreed = {
  cap: { mails: 2, days: 7 },
  window: {
    ...{ days: [2, 3, 4], from: 9 * 60, to: 16 * 60 },
    ...{ zone: 'of the lead', holidays: 'skip' as const },
  },
};

async function findingsOf() {
  return (
    await readSequence(folder.root, 'tried', { people: ['nora', 'theo'], roles: ['rep'], agreed })
  ).findings;
}

function filesOf({ file, from, to, more, copies = [] }: WrongTemplate): Record<string, string> {
  const whole = cleanSequence[file] ?? '';
  expect(whole).toContain(from);
  return {
    ...cleanSequence,
    ...Object.fromEntries(
      copies.map(name => [`${name}.mjml`, cleanSequence['01-first.mjml'] ?? '']),
    ),
    [file]: from === '' ? whole : whole.replace(from, () => to),
    ...more,
  };
}

describe('a wrong template is refused with the right rule at the right line', () => {
  it.each(wrongTemplates.map((wrong, index) => ({ ...wrong, index })))(
    '$index $rule: $to',
    async wrong => {
      const files = filesOf(wrong);
      await folder.put('tried', files);
      for (const [name, steps] of Object.entries(wrong.others ?? {}))
        await folder.put(name, { 'sequence.yaml': `goal: x\nowner: nora\nsteps:\n  ${steps}\n` });
      const found = (await findingsOf()).filter(({ rule }) => rule === wrong.rule);
      for (const name of Object.keys(wrong.others ?? {})) await folder.removeSequence(name);
      const file = wrong.told ?? wrong.file;
      const text = files[file] ?? '';
      const at = wrong.at ?? wrong.to.trim().split('\n')[0] ?? '';
      expect(text).toContain(at);
      const line = text.slice(0, text.indexOf(at) + at.search(/\S|$/)).split('\n').length;
      expect(found.map(({ message }) => message).join('\n')).toContain(wrong.says ?? '');
      expect(found.map(each => [each.file.split('/').at(-1), each.line])).toContainEqual([
        file,
        line,
      ]);
    },
  );

  it('there is one for each rule', () => {
    const tried = new Set(wrongTemplates.map(({ rule }) => rule));
    expect(rules.map(({ id }) => id).filter(id => !tried.has(id))).toEqual([]);
    expect(wrongTemplates.length).toBeGreaterThan(100);
  });
});

it('finds nothing where nothing is wrong', async () => {
  await folder.put('tried', cleanSequence);
  expect(await findingsOf()).toEqual([]);
});

describe('a rule', () => {
  it('has a name of its own, and says why it is there and how to mend what it finds', () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { why, mend, example } of rules)
      for (const said of [why, mend, example.wrong, example.right])
        expect(said.length, said).toBeGreaterThan(5);
  });
});
