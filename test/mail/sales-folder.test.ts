import { cp, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { talkFor } from '../../domain/escalation/talk.ts';
import { lintAgreed } from '../../intake/set-up.ts';
import { lintSales, loadTalks } from '../../mail/sales-folder.ts';
import { RepMail } from '../../mail/rep-mail.ts';
import { theAgreement } from '../domain/facts.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lockstep-templates-'));
  await cp('templates', root, { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const path = (name = 'makers-and-movers.yaml') => join(root, 'sales', name);
const segments = theAgreement().segments.map(({ name }) => name);

/** Changes a part of the file; returns the line that it stands in. */
async function change(part: string, to: string): Promise<number> {
  const text = await readFile(path(), 'utf8');
  expect(text).toContain(part);
  await writeFile(path(), text.replace(part, to));
  return text.slice(0, text.indexOf(part)).split('\n').length;
}
const problems = async () =>
  (await lintSales(root, segments)).flatMap(error =>
    error.problems.map(problem => ({ file: error.file, ...problem })),
  );

describe('the shipped sales folder', () => {
  it('has nothing wrong, something for a segment, and something for everyone else', async () => {
    expect(await lintAgreed({ agreement: 'agreement', templates: 'templates' })).toEqual([]);
    const talks = await loadTalks('templates');
    expect(talkFor(talks, 'makers and movers')?.for).toBe('makers and movers');
    for (const segment of ['everyone else', 'nobody knows this one', null])
      expect(talkFor(talks, segment)?.for).toBe('everyone');
    for (const { talking_points: points, collateral } of talks) {
      expect(points.length).toBeGreaterThanOrEqual(3);
      expect(collateral.length).toBeGreaterThanOrEqual(3);
    }
  });

  it('may be missing', async () => {
    await rm(join(root, 'sales'), { recursive: true });
    expect(await loadTalks(root)).toEqual([]);
    expect(talkFor([], 'makers and movers')).toBeNull();
    await RepMail.load(root);
  });
});

describe('a wrong sales file is refused at its line', () => {
  it.each([
    ['talking_points:', 'talking_pionts:', 'Did you mean "talking_points"?'],
    ['collateral:', 'collaterals:', 'Did you mean "collateral"?'],
    ['title: "Worksheet', 'titel: "Worksheet', 'Did you mean "title"?'],
    ['https://northwind.example/calculator', 'http://northwind.example/x', 'begins with https://'],
    ['https://northwind.example/calculator', 'javascript:alert(1)', 'begins with https://'],
    ['https://northwind.example/calculator', 'https://a:b@northwind.example', 'begins with'],
    ['https://northwind.example/calculator', 'https://localhost', 'begins with https://'],
    ['for: makers and movers', 'for: [makers]', 'must be a text'],
    ['for: makers and movers', 'for: ""', 'says something'],
    ['From the first sensor', `From ${'x'.repeat(240)}`, '240 characters at most'],
    ['From the first sensor', '"two\\nlines" #', 'is one line'],
    ['title: "Worksheet', `title: "${'x'.repeat(80)}`, '80 characters at most'],
    ['From the first sensor', '"From the', 'this is no YAML'],
  ])('%s → %s', async (part, to, message) => {
    const line = await change(part, to);
    const found = await problems();
    expect(found).toMatchObject([{ line, message: expect.stringContaining(message) as string }]);
    expect(found[0]?.file).toMatch(/sales\/makers-and-movers\.yaml$/);
    await expect(loadTalks(root)).rejects.toThrow(`makers-and-movers.yaml:${line}:`);
    await expect(RepMail.load(root)).rejects.toThrow(message);
  });

  it('also when it says nothing, says too much, or is not there to be read', async () => {
    await writeFile(path(), 'for: makers and movers\ntalking_points: []\n');
    expect(await problems()).toMatchObject([{ line: 2, column: 1 }]);
    const many = Array.from({ length: 7 }, (_, n) => `  - point ${n}\n`).join('');
    await writeFile(path(), `for: makers and movers\ntalking_points:\n${many}`);
    expect((await problems())[0]?.message).toContain('more than 6');
    await writeFile(path(), `# ${'x'.repeat(20_000)}`);
    expect((await problems())[0]?.message).toContain('are a mistake');
    await rename(path('default.yaml'), path('default.yml'));
    expect((await problems())[0]?.message).toContain('end with ".yaml"');
    await rm(path());
    await symlink('/etc/hosts', path());
    expect((await problems()).at(-1)?.message).toContain('is a link');
  });

  it('when two are for the same segment: the second', async () => {
    await cp(path(), path('same.yaml'));
    expect(await problems()).toMatchObject([
      { message: expect.stringContaining('is for "makers and movers" already') as string, line: 3 },
    ]);
  });
});

it('a segment that there is not is told by the lint, with the nearest that there is, and breaks nothing', async () => {
  const line = await change('for: makers and movers', 'for: maker and movers');
  const found = await lintAgreed({ agreement: 'agreement', templates: root });
  expect(found).toMatchObject([
    {
      line,
      message: expect.stringContaining('Did you mean "makers and movers"?') as string,
    },
  ]);
  const talks = await loadTalks(root);
  expect(talkFor(talks, 'makers and movers')?.for).toBe('everyone');
});
