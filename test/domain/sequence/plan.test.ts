import { describe, expect, it } from 'vitest';
import { DocumentError } from '../../../domain/document/problem.ts';
import { readDocument } from '../../../domain/document/read.ts';
import { cursorOf, planOf } from '../../../domain/sequence/plan.ts';
import { sequenceSchema } from '../../../domain/sequence/schema.ts';

const head = 'goal: test\nowner: nora\nsteps:\n';
const mail = (name: string) => `  - { mail: ${name}, subject: s, preheader: p }\n`;
const read = (steps: string) => readDocument('s.yaml', head + steps, sequenceSchema).value;
const complaint = (steps: string): string => {
  try {
    read(steps);
  } catch (error) {
    if (error instanceof DocumentError) return error.message;
    throw error;
  }
  return '';
};

describe('a plan', () => {
  it('is flat, and its branches jump', () => {
    const plan = planOf(
      read(
        mail('a') +
          '  - if: clicked in a within 5 days\n    then:\n    ' +
          mail('b') +
          '    else:\n    ' +
          mail('c') +
          '      - exit: no interest\n' +
          mail('d'),
      ),
    );
    expect(plan.map(step => step.do)).toEqual([
      'mail',
      'branch',
      'mail',
      'jump',
      'mail',
      'exit',
      'mail',
    ]);
    expect(plan[1]).toMatchObject({
      otherwise: 4,
      if: { mail: 'a', withinMs: 5 * 86_400_000, negated: false },
    });
    expect(plan[3]).toEqual({ do: 'jump', to: 6 });
    expect(cursorOf(plan, 'd')).toBe(6);
    expect(cursorOf(plan, 'z')).toBeNull();
  });

  it('goes on after a branch without an else', () => {
    const plan = planOf(
      read(mail('a') + '  - if: { country: [DE] }\n    then:\n    ' + mail('b') + mail('c')),
    );
    expect(plan[1]).toMatchObject({ do: 'branch', otherwise: 3 });
    expect(plan).toHaveLength(4);
  });

  it('goes one of several ways, and all go on together', () => {
    const plan = planOf(
      read(
        '  - { mail: a, subject: s, preheader: p, variants: { b: { weight: 3 }, c: { weight: 1, mail: x, subject: t }, hold_out: { weight: 1 } } }\n' +
          '  - { split: d, paths: { e: { weight: 1, steps: [{ exit: over }] }, f: { weight: 1 } } }\n' +
          '  - { move: g }\n',
      ),
    );
    expect(plan.map(step => step.do)).toEqual([
      ...['split', 'mail', 'jump', 'mail', 'jump', 'jump'],
      ...['split', 'exit', 'jump', 'jump', 'move'],
    ]);
    expect(plan[0]).toEqual({
      ...{ do: 'split', split: 'a' },
      paths: [
        { variant: 'b', weight: 3, to: 1 },
        { variant: 'c', weight: 1, to: 3 },
        { variant: 'hold_out', weight: 1, to: 5 },
      ],
    });
    expect(plan[1]).toMatchObject({ mail: 'a', subject: 's', variant: { name: 'b', file: 'a' } });
    expect(plan[3]).toMatchObject({ mail: 'a', subject: 't', variant: { name: 'c', file: 'x' } });
    expect([2, 4, 5].map(n => plan[n])).toEqual(Array(3).fill({ do: 'jump', to: 6 }));
    expect([8, 9].map(n => plan[n])).toEqual(Array(2).fill({ do: 'jump', to: 10 }));
    expect(cursorOf(plan, 'a/c')).toBe(3);
  });

  it('gives a mail its own window, else the sequence’s', () => {
    const text = `goal: t\nowner: n\nwindow: always\nsteps:\n${mail('a')}  - { mail: b, subject: s, preheader: p, window: { days: mon, from: 09:00, to: 10:00 } }\n`;
    const plan = planOf(readDocument('s.yaml', text, sequenceSchema).value);
    expect(plan[0]).toMatchObject({ window: 'always' });
    expect(plan[1]).toMatchObject({ window: { days: [1], zone: 'of the lead' } });
  });
});

describe('a sequence', () => {
  it.each([
    [
      '  - { mail: a, subject: s, preheader: p, variants: { b: { weight: 1 } } }\n',
      4,
      'there must be two variants to choose from',
    ],
    [
      '  - { mail: a, subject: s, preheader: p, variants: { b: { weight: 0 }, c: { weight: 1 } } }\n',
      4,
      'a weight is a number above 0',
    ],
    [
      '  - split: d\n    paths:\n      b: { weight: 1 }\n      hold_out: { weight: 1, steps: [{ exit: x }] }\n',
      7,
      'who is held out gets nothing',
    ],
    ['  - if: visited /pricing\n    then: [{ exit: x }]\n', 4, 'a condition asks'],
    [
      '  - { mial: a, subject: s, preheader: p }\n',
      4,
      '"mial" is not known here. Did you mean "mail"?',
    ],
    ['  - { mail: a, subject: s }\n', 4, '"steps.1.preheader" is missing'],
    [
      '  - { mail: ../../etc/passwd, subject: s, preheader: p }\n',
      4,
      'a name has lower-case letters',
    ],
    ['  - wait: four days\n', 4, 'a wait is written like'],
    ['  - wait: 0 days\n', 4, 'a wait is written like'],
    ['  - wait: until someday 09:00\n', 4, 'a wait is written like'],
    [mail('a') + '  - if: opened in a\n    then: []\n', 5, "a condition asks 'clicked in"],
    [mail('a') + '  - if: clicked in a\n    than:\n    ' + mail('b'), 6, 'Did you mean "then"?'],
    ['  - if: { contry: [DE] }\n    then:\n    ' + mail('b'), 4, 'contry'],
    ['  - send: a\n', 4, 'send'],
    ['', 3, 'steps'],
  ])('%j is refused at line %i', (steps, line, told) => {
    const message = complaint(steps);
    expect(message).toContain(told);
    expect(message).toContain(`s.yaml:${line}:`);
  });

  it('may not nest branches without end', () => {
    const nest = (depth: number): string => {
      const pad = '  '.repeat(depth + 1);
      return depth > 6
        ? `${pad}- { mail: m, subject: s, preheader: p }\n`
        : `${pad}- if: { country: [DE] }\n${pad}  then:\n${nest(depth + 1)}`;
    };
    expect(complaint(nest(0))).toContain('at most 4 deep');
  });

  it('may not have steps without end', () => {
    expect(complaint(Array.from({ length: 10_000 }, (_, n) => mail(`m-${n}`)).join(''))).not.toBe(
      '',
    );
  });
});
