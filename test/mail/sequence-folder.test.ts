import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DocumentError } from '../../domain/document/problem.ts';
import { rules } from '../../domain/sequence/lint/rules.ts';
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
    return (await readSequence(root, 'c-nurture', ['nora', 'theo'])).findings;
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

describe('a wrong template is refused with the right rule at the right line', () => {
  it.each([
    [
      'missing-mail',
      'sequence.yaml',
      'mail: 04-calculator',
      'mail: 04-calculater',
      'Did you mean "04-calculator"?',
    ],
    [
      'repeated-mail',
      'sequence.yaml',
      'mail: 04-two-minutes',
      'mail: 04-calculator',
      'stands in two steps',
    ],
    [
      'branch-before-mail',
      'sequence.yaml',
      'clicked in 03-three-plants',
      'clicked in 04-calculator',
      'goes in a circle',
    ],
    [
      'branch-before-mail',
      'sequence.yaml',
      'clicked in 03-three-plants',
      'clicked in 03-three-plant',
      'Did you mean "03-three-plants"?',
    ],
    [
      'unknown-variable',
      'sequence.yaml',
      "lead.company | default: 'a plant like yours'",
      'lead.compny',
      'Did you mean "lead.company"?',
    ],
    ['missing-default', 'sequence.yaml', " | default: 'a plant like yours'", '', 'may be blank'],
    [
      'unknown-variable',
      calculator,
      '{{ lead.industry | default: "your industry" }}',
      '{{ lead.sector | default: "x" }}',
      'no lead has "lead.sector"',
    ],
    ['missing-default', calculator, ' | default: "your industry"', '', 'may be blank'],
    [
      'lost-token',
      calculator,
      '<mj-button',
      '{% if lead.company %}<mj-text>secret</mj-text>{% endif %}<mj-button',
      'is lost when the mail is compiled',
    ],
    [
      'mjml-complaint',
      calculator,
      '<mj-button',
      '<mj-buton>x</mj-buton><mj-button',
      'Did you mean "mj-button"?',
    ],
    [
      'link-target',
      calculator,
      'https://northwind.example/calculator',
      '/calculator',
      'is no link that works',
    ],
    [
      'link-target',
      calculator,
      'https://northwind.example/calculator',
      'javascript:alert(1)',
      'is no link that works',
    ],
    [
      'link-target',
      calculator,
      'https://northwind.example/calculator',
      '',
      'is no link that works',
    ],
    [
      'alt-text',
      calculator,
      '<mj-button',
      '<mj-image src="https://a.example/x.png" /><mj-button',
      'no alt text',
    ],
    [
      'counted-link',
      calculator,
      'href="https://northwind.example/calculator"',
      'href="{{ links.stay }}"',
      'would be counted',
    ],
    [
      'unsubscribe-link',
      calculator,
      '<mj-include path="../../brand/footer.mjml" />',
      '',
      'links.unsubscribe',
    ],
    [
      'postal-address',
      calculator,
      '<mj-include path="../../brand/footer.mjml" />',
      '',
      'postal_address',
    ],
    [
      'size',
      calculator,
      'No form, nothing to install.',
      'x'.repeat(110_000),
      'keep it under 102 KB',
    ],
    ['owner', 'sequence.yaml', 'owner: nora', 'owner: norra', 'Did you mean "nora"?'],
    [
      'unreachable-step',
      'sequence.yaml',
      '  - wait: 4 days\n  - mail: 02-what-a-stop-costs',
      '  - exit: enough\n  - mail: 02-what-a-stop-costs',
      'no lead ever comes to this step',
    ],
    [
      'unclosed-tag',
      calculator,
      '<mj-text>\n          <p>Hello',
      '<mj-text>\n<mj-text><p>Hello',
      'is not closed before </mj-column>',
    ],
    [
      'unclosed-tag',
      calculator,
      '<mjml lang="en">',
      '<mjml lang="en"><mj-body>',
      'is not closed before </mjml>',
    ],
    [
      'include',
      calculator,
      '<mj-include path="../../brand/header.mjml" />',
      '<mj-include path="../../brand/headerr.mjml" />',
      'there is no "../../brand/headerr.mjml". Did you mean "header.mjml"?',
    ],
    [
      'include',
      calculator,
      '<mj-include path="../../brand/header.mjml" />',
      '<mj-include path="../../../../etc/hostname" />',
      'leaves the templates',
    ],
    [
      'liquid',
      calculator,
      '{{ lead.industry | default: "your industry" }}',
      '{{ lead.industry | defalt: "your industry" }}',
      'undefined filter: defalt. Did you mean "default"?',
    ],
    [
      'liquid',
      calculator,
      '{{ lead.industry | default: "your industry" }}',
      '{% include "/etc/passwd" %}',
      'tag "include" not found',
    ],
    [
      'liquid',
      'sequence.yaml',
      'subject: "What does an hour of standstill cost {{ lead.company | default: \'a plant like yours\' }}?"',
      'subject: "What does an hour of standstill cost {{ lead.company"',
      'not closed',
    ],
    ['form', 'sequence.yaml', 'wait: 5 days', 'wait: 40000 days', 'two years at most'],
    ['form', 'sequence.yaml', 'wait: 4 days', 'wait: 4 dayz', 'a wait is written like'],
  ])('%s: %s', async (rule, file, part, to, told) => {
    const line = (await change(file, part, to)) + (rule === 'unreachable-step' ? 1 : 0);
    const found = (await findings()).filter(finding => finding.rule === rule);
    expect(found.map(({ message }) => message).join('\n')).toContain(told);
    const whole = ['unsubscribe-link', 'postal-address', 'size', 'mjml-complaint'].includes(rule);
    if (!whole) expect(found.map(finding => finding.line)).toContain(line);
  });

  it('every rule has such a template', () => {
    expect(rules.map(({ id }) => id).toSorted()).toEqual(
      [
        'missing-mail',
        'repeated-mail',
        'branch-before-mail',
        'unreachable-step',
        'owner',
        'unclosed-tag',
        'include',
        'liquid',
        'unknown-variable',
        'missing-default',
        'lost-token',
        'mjml-complaint',
        'link-target',
        'counted-link',
        'alt-text',
        'unsubscribe-link',
        'postal-address',
        'size',
      ].toSorted(),
    );
  });

  it('a mistyped key is told once, and a step of no kind by the kinds there are', async () => {
    await change('sequence.yaml', 'subject: Three plants', 'subjct: Three plants');
    expect((await findings()).map(({ message }) => message)).toEqual([
      '"subjct" is not known here. Did you mean "subject"?',
    ]);
    await change('sequence.yaml', '- wait: 4 days', '- goto: 4 days');
    expect((await findings())[0]?.message).toContain(
      '"goto" is not known here: a step begins with one of mail, wait, if, split, move, exit.',
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
