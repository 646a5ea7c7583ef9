import { preheader, inPlan, type WrongTemplate } from './wrong-template.ts';

const wait = '  - wait: 5 days\n';
const branch = 'if: clicked in 01-first within 5 days';
const goal = 'goal: Show plant managers what unplanned stops cost';
const task = (role: string, comment = '') =>
  `  - task: ring${comment}\n    do: call\n    for: ${role}\n    due_within: 1 working day\n`;

/** What a sequence may not do with a lead: at least one for each rule of the flow. */
export const wrongPlans: readonly WrongTemplate[] = [
  inPlan('repeated-task', wait, `${wait}${task('rep')}${wait}${task('rep', ' # again')}`, {
    at: '# again',
    says: 'stands in two steps',
  }),
  inPlan('task-role', wait, `${wait}${task('telesales')}`, { at: '    for: telesales' }),
  inPlan('missing-mail', 'mail: 02-second', 'mail: 02-secnd', {
    says: 'Did you mean "02-second"?',
  }),
  inPlan('unused-mail', '', '', {
    more: { '03-old.mjml': '<mjml></mjml>' },
    told: '03-old.mjml',
    at: '<mjml>',
  }),
  inPlan('repeated-mail', 'mail: 02-second', 'mail: 01-first', { at: '      - mail: 01-first' }),
  inPlan('branch-before-mail', branch, 'if: clicked in 02-second', { says: 'goes in a circle' }),
  inPlan('branch-before-mail', 'if: clicked in 01-first within', 'if: clicked in 01-frist within', {
    says: 'Did you mean "01-first"?',
  }),
  inPlan(
    'branch-before-mail',
    '        preheader: Two minutes, no form\n',
    `        preheader: Two minutes, no form
    else:
      - wait: 5 days
      - if: clicked in 02-second
        then:
          - exit: enough
`,
    { at: 'clicked in 02-second', says: 'nobody who comes here was sent it' },
  ),
  inPlan(
    'branch-on-other-way',
    '        preheader: Two minutes, no form\n',
    `        preheader: Two minutes, no form
  - wait: 5 days
  - if: clicked in 02-second
    then:
      - exit: enough
`,
    { at: 'clicked in 02-second' },
  ),
  inPlan('branch-at-once', wait, '', { at: branch }),
  inPlan('within-too-long', 'wait: 5 days', 'wait: 2 days', {
    at: branch,
    says: 'longer than the 2 days',
  }),
  inPlan('constant-branch', branch, 'if: { employees: 500-100 }', { says: 'always no' }),
  inPlan('constant-branch', branch, 'if: {}', { says: 'always yes' }),
  inPlan(
    'constant-branch',
    '      - mail: 02-second',
    `      - if: clicked in 01-first
        then:
          - exit: enough
      - mail: 02-second`,
    { at: 'if: clicked in 01-first\n', says: 'always yes' },
  ),
  inPlan(
    'constant-branch',
    branch,
    `if: { country: [DE, AT] }
    then:
      - if: { country: CH }
        then:
          - exit: far away
  - ${branch}`,
    { at: 'country: CH', says: 'always no' },
  ),
  inPlan('unreachable-step', wait, `  - exit: enough\n${wait}`, {
    at: 'wait: 5 days',
    says: 'the step before it is an exit',
  }),
  inPlan(
    'unreachable-step',
    '        preheader: Two minutes, no form\n',
    `        preheader: Two minutes, no form
      - exit: clicked
    else:
      - exit: did not
  - wait: 3 days
`,
    { at: 'wait: 3 days', says: 'all ways to it end before' },
  ),
  inPlan('unreachable-step', wait, `  - move: other\n${wait}`, {
    at: 'wait: 5 days',
    others: { other: '- wait: 1 day' },
  }),
  inPlan('mails-too-close', 'wait: 5 days', 'wait: 6 hours', {
    at: 'mail: 02-second',
    says: 'may follow 6 hours after',
  }),
  inPlan(
    'faster-than-cap',
    wait,
    `  - wait: 2 days
  - mail: 03-third
    subject: One number worth knowing
    preheader: And how others put it in a slide
  - wait: 2 days
  - mail: 04-fourth
    subject: Is this still useful to you?
    preheader: Yes keeps it coming; no answer is fine
${wait}`,
    { at: 'mail: 04-fourth', copies: ['03-third', '04-fourth'] },
  ),
  inPlan('late-first-mail', '  - mail: 01-first', '  - wait: 45 days\n  - mail: 01-first', {
    at: 'mail: 01-first',
    says: 'after 45 days',
  }),
  inPlan('long-wait', 'wait: 5 days', 'wait: 120 days'),
  inPlan('ends-with-wait', 'no form\n', 'no form\n  - wait: 7 days\n', { at: 'wait: 7 days' }),
  inPlan(
    'until-outside-window',
    '      - mail: 02-second',
    '      - wait: until saturday 09:30\n      - mail: 02-second',
    { at: 'until saturday', says: 'nothing out on a Saturday' },
  ),
  inPlan(
    'until-outside-window',
    '      - mail: 02-second',
    '      - wait: until tuesday 20:00\n      - mail: 02-second',
    { at: 'until tuesday', says: 'closed at that time' },
  ),
  inPlan(
    'narrow-window',
    'owner: nora',
    'owner: nora\nwindow: { days: sun, from: 09:00, to: 09:10 }',
    { at: 'window:' },
  ),
  inPlan(
    'narrow-window',
    preheader,
    `${preheader}\n    window: { days: tue, from: 09:00, to: 09:30 }`,
    { at: 'window:', says: '30 minutes' },
  ),
  inPlan('owner', 'owner: nora', 'owner: norra', { says: 'Did you mean "nora"?' }),
  inPlan('vague-goal', goal, 'goal: Nurture our leads'),
  inPlan(
    'many-mails',
    wait,
    Array.from(
      { length: 20 },
      (_, n) =>
        `${wait}  - mail: m-${n}\n    subject: Number ${n} of a long row\n    preheader: It goes on and on and on ${n}\n`,
    ).join('') + wait,
    { at: 'mail: m-19', copies: Array.from({ length: 20 }, (_, n) => `m-${n}`) },
  ),
  inPlan(
    'same-subject',
    'subject: The calculator, filled in',
    'subject: Three plants, three numbers!',
  ),
  inPlan(
    'same-variant',
    preheader,
    `${preheader}
    variants:
      a: { weight: 1 }
      b: { weight: 1, subject: "Three plants, three numbers" }`,
    { at: 'b: {', says: 'the same as "a"' },
  ),
  inPlan(
    'same-variant',
    wait,
    `  - split: pace
    paths:
      slow: { weight: 1, steps: [{ wait: 9 days }] }
      calm: { weight: 1, steps: [{ wait: 9 days }] }
`,
    { at: 'calm:' },
  ),
  inPlan(
    'small-share',
    preheader,
    `${preheader}
    variants:
      a: { weight: 100 }
      b: { weight: 1, subject: "Nine days, one warning" }`,
    { at: 'b: {', says: '1.0 %' },
  ),
  inPlan(
    'large-hold-out',
    preheader,
    `${preheader}
    variants:
      a: { weight: 1 }
      hold_out: { weight: 9 }`,
    { at: 'hold_out', says: '90 %' },
  ),
  inPlan('unknown-move', wait, '  - move: othr\n', {
    others: { other: '- wait: 1 day' },
    says: 'Did you mean "other"?',
  }),
  inPlan('move-to-itself', wait, '  - move: tried\n'),
  inPlan('move-loop', wait, '  - move: other\n', {
    others: { other: '- move: third', third: '- wait: 1 day\n  - move: tried' },
    says: 'tried → other → third → tried',
  }),
  inPlan(
    'leave-when-unsent',
    'owner: nora',
    'owner: nora\nleave_when:\n  - { if: clicked in 09-demo, because: has seen it }',
    { at: '09-demo' },
  ),
  inPlan(
    'leave-when-constant',
    'owner: nora',
    'owner: nora\nleave_when:\n  - { if: not clicked in 01-first, because: did not }',
    { at: 'not clicked', says: 'every lead out' },
  ),
  inPlan(
    'leave-when-constant',
    'owner: nora',
    'owner: nora\nleave_when:\n  - { if: { country: Germany }, because: there }',
    { at: 'Germany', says: 'no lead can be like this' },
  ),
  inPlan('loose-cap', 'owner: nora', 'owner: nora\ncap: 5 mails a week', { at: 'cap:' }),
];
