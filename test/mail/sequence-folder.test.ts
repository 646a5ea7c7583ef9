import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DocumentError } from '../../domain/document/problem.ts';
import { readSequence } from '../../mail/sequence-folder.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lockstep-templates-'));
  await cp('templates', root, { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const path = (file: string) => join(root, 'sequences/c-nurture', file);
async function change(file: string, part: string, to: string): Promise<number> {
  const text = await readFile(path(file), 'utf8');
  expect(text).toContain(part);
  await writeFile(path(file), text.replace(part, to));
  return text.slice(0, text.indexOf(part)).split('\n').length;
}
async function findings() {
  try {
    return (await readSequence(root, 'c-nurture', { people: ['nora', 'theo'], roles: ['rep'] }))
      .findings;
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error;
    return error.problems.map(problem => ({
      ...problem,
      file: error.file,
      rule: 'form',
      severity: 'error',
    }));
  }
}

const calculator = '04-calculator.mjml';

describe('a sequence that cannot be read', () => {
  it.each([
    ['wait: 5 days', 'wait: 40000 days', 'two years at most'],
    ['wait: 4 days', 'wait: 4 dayz', 'a wait is written like'],
  ])('%s as %s is told where it stands', async (part, to, told) => {
    const line = await change('sequence.yaml', part, to);
    expect(await findings()).toMatchObject([{ rule: 'form', line }]);
    expect((await findings())[0]?.message).toContain(told);
  });

  it('a mistyped key is told once, and a step of no kind by the kinds there are', async () => {
    await change('sequence.yaml', 'subject: Three plants', 'subjct: Three plants');
    expect((await findings()).map(({ message }) => message)).toEqual([
      '"subjct" is not known here. Did you mean "subject"?',
    ]);
    await change('sequence.yaml', '- wait: 4 days', '- goto: 4 days');
    expect((await findings())[0]?.message).toContain(
      '"goto" is not known here: a step begins with one of mail, wait, task, if, split, move, exit.',
    );
  });

  it('an include may not leave the templates', async () => {
    await writeFile(join(root, '..', 'outside.mjml'), '<mj-text>outside</mj-text>');
    await change(calculator, '../../brand/header.mjml', '../../../outside.mjml');
    const { content } = await readSequence(root, 'c-nurture');
    expect(content.mails['04-calculator']?.html).not.toContain('outside');
    await rm(join(root, '..', 'outside.mjml'));
  });

  it('a sequence that is not there is named, with the nearest that is', async () => {
    await expect(readSequence(root, 'c-nuture')).rejects.toThrow('Did you mean "c-nurture"?');
    await expect(readSequence(root, '../brand')).rejects.toThrow('there is no sequence');
  });

  it('a sample that fails is found', async () => {
    await writeFile(path('sample.json'), '{"lead":{"first_nam":"x"}}');
    expect((await findings())[0]?.message).toContain('first_nam');
    await rm(path('sample.json'));
    expect((await findings())[0]?.message).toContain('sample.json');
  });
});
