/** A template that is wrong in one way. */
export interface WrongTemplate {
  /** The rule that tells it. */
  rule: string;
  /** The file in which something is changed. */
  file: 'sequence.yaml' | '01-first.mjml' | '02-second.mjml';
  /** What is changed, and to what; nothing where only other files are told of. */
  from: string;
  to: string;
  /** A text of the line at which it is told; by default the first line of what it is changed to. */
  at?: string;
  /** The file that it is told in, where that is another. */
  told?: string;
  /** A part of what is told. */
  says?: string;
  /** Other files, or others in the place of those that are there. */
  more?: Readonly<Record<string, string>>;
  /** Mails that are like the first. */
  copies?: readonly string[];
  /** Sequences that are there as well, by name: their steps. */
  others?: Readonly<Record<string, string>>;
}

const first = '01-first.mjml';
const plan = 'sequence.yaml';
const button =
  '<mj-button href="https://northwind.example/stories">Read the three stories</mj-button>';
const text = '<p>Nora</p>';
const address = 'https://northwind.example/stories';
const subject = 'subject: Three plants, three numbers';
const preheader = 'preheader: What changed in the first ninety days';
const footer = '<mj-include path="../../brand/footer.mjml" />';
const wait = '  - wait: 5 days\n';
const branch = 'if: clicked in 01-first within 5 days';
const goal = 'goal: Show plant managers what unplanned stops cost';
const words = (count: number, sentence = 'They look at it once a week, and that is all. ') =>
  sentence.repeat(Math.ceil(count / 10));

const inBody = (rule: string, to: string, more: Partial<WrongTemplate> = {}): WrongTemplate => ({
  ...{ rule, file: first, from: text, to: `${text}\n${to}`, at: to.split('\n')[0] ?? '' },
  ...more,
});
const asTarget = (rule: string, to: string, more: Partial<WrongTemplate> = {}): WrongTemplate => ({
  ...{ rule, file: first, from: address, to, at: `href="${to}"` },
  ...more,
});
const asSubject = (rule: string, to: string): WrongTemplate => ({
  ...{ rule, file: plan, from: subject, to: `subject: ${to}` },
});
const inPlan = (rule: string, from: string, to: string, more: Partial<WrongTemplate> = {}) => ({
  ...({ rule, file: plan, from, to } as const),
  ...more,
});

const onlyAnImage = `<mjml lang="en"><mj-body><mj-section><mj-column>
  <mj-image src="https://northwind.example/x.png" alt="All of it" />
</mj-column></mj-section></mj-body></mjml>`;

/** At least one for each rule. */
export const wrongTemplates: readonly WrongTemplate[] = [
  // What a sequence does with a lead.
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

  // What a mail is like.
  inBody('unclosed-tag', '<mj-text><p>Hello</p>', {
    says: 'is not closed before </mj-column>',
    at: '        <mj-text><p>Nora',
  }),
  {
    rule: 'unclosed-tag',
    file: first,
    from: '<mjml lang="en">',
    to: '<mjml lang="en"><mj-body>',
    says: 'not closed before </mjml>',
  },
  {
    rule: 'include',
    file: first,
    from: 'brand/header.mjml',
    to: 'brand/headerr.mjml',
    says: 'Did you mean "header.mjml"?',
  },
  {
    rule: 'include',
    file: first,
    from: '../../brand/header.mjml',
    to: '../../../../etc/hostname',
    says: 'leaves the templates',
  },
  {
    rule: 'include',
    file: first,
    from: '"../../brand/header.mjml"',
    to: "'%2e%2e/../../../etc/hostname'",
    says: 'leaves the templates',
  },
  {
    rule: 'include',
    file: first,
    from: '../../brand/header.mjml',
    to: './01-first.mjml',
    says: 'includes itself',
  },
  {
    rule: 'mjml-complaint',
    file: first,
    from: button,
    to: '<mj-buton>x</mj-buton>',
    says: 'Did you mean "mj-button"?',
  },
  inBody('liquid', '<p>{% include "/etc/passwd" %}</p>', { says: 'tag "include" not found' }),
  inBody('unclosed-liquid', '<p>{% if lead.company %}x</p>', { says: 'not closed' }),
  asSubject('unclosed-liquid', '"For {{ lead.company"'),
  inBody('unknown-filter', '<p>{{ lead.company | upcas }}</p>', { says: 'Did you mean "upcase"?' }),
  asSubject('unknown-filter', '"For {{ lead.company | defalt: \'you\' }}, three numbers"'),
  inBody('liquid-loop', '<p>{% for i in (1..100000) %}x{% endfor %}</p>', { says: '100000 times' }),
  inBody(
    'liquid-loop',
    '<p>{% for i in (1..50) %}{% for j in (1..50) %}x{% endfor %}{% endfor %}</p>',
    { says: '2500 times' },
  ),
  inBody('liquid-loop', '<p>{% for i in (1..lead.employees) %}x{% endfor %}</p>', {
    says: 'as often as a field says',
  }),
  inBody('raw-filter', '<p>{{ lead.company | default: "you" | raw }}</p>'),
  {
    rule: 'lost-token',
    file: first,
    from: button,
    to: '{% if lead.company %}<mj-text>secret</mj-text>{% endif %}',
    says: 'is lost',
  },
  {
    rule: 'liquid-attribute',
    file: first,
    from: '<mj-text><p>Nora',
    to: '<mj-text color="{{ lead.country }}"><p>Nora',
  },
  inBody('unknown-variable', '<p>{{ lead.compny | default: "x" }}</p>', {
    says: 'Did you mean "lead.company"?',
  }),
  asSubject('unknown-variable', '"{{ lead.frist_name | default: \'You\' }}, three numbers"'),
  inBody('missing-default', '<p>{{ lead.company }}</p>', { says: 'may be blank' }),
  asSubject('missing-default', '"For {{ lead.company }}, three numbers"'),
  inBody('glued-field', '<p>Hello{{ lead.last_name | default: "you" }}</p>'),
  inBody('placeholder', '<p>Dear [Name], lorem ipsum dolor</p>', { says: '[Name]' }),
  asSubject('placeholder', 'TODO write this one'),
  {
    rule: 'preview',
    file: first,
    from: '    <mj-preview>{{ mail.preheader }}</mj-preview>\n',
    to: '',
    at: '<mjml lang',
  },
  inPlan('preheader-length', preheader, 'preheader: News', { says: '4 characters' }),
  inPlan('preheader-length', preheader, `preheader: ${'on and '.repeat(20)}on`),
  inPlan('preheader-repeats', preheader, 'preheader: Three plants, three numbers.'),
  asSubject(
    'subject-length',
    'Everything that you always wanted to know of unplanned stops and what they cost you',
  ),
  asSubject('subject-shouts', 'LAST CHANCE to read it'),
  asSubject('subject-shouts', '"Three plants!!!"'),
  asSubject('subject-says-nothing', '🚀🚀🚀'),
  asSubject('subject-fakes', '"Re: our talk about pumps"'),
  asSubject('window-promise', 'Good evening from the plant'),
  asSubject('window-promise', 'Happy Friday and three numbers'),
  asSubject('window-promise', 'Three numbers for today'),
  inBody('relative-day', '<p>We call you tomorrow.</p>', { says: '"tomorrow"' }),
  asTarget('link-target', '/stories', { says: 'is no link that works' }),
  asTarget('link-target', ''),
  asTarget('link-target', 'www.northwind.example'),
  asTarget('script-link', 'javascript:alert(1)'),
  asTarget('script-link', 'data:text/html;base64,PGI+'),
  asTarget('variable-link', '{{ lead.company }}'),
  asTarget('personal-host', 'https://{{ lead.company }}.example/'),
  asTarget('personal-link', 'https://northwind.example/?c={{ lead.company | url_encode }}', {
    says: 'logs of others',
  }),
  asTarget('insecure-link', 'http://northwind.example/stories', { says: 'not encrypted' }),
  asTarget('private-link', 'http://localhost:3000/x'),
  asTarget('private-link', 'https://192.168.0.7/x'),
  asTarget('short-link', 'https://bit.ly/3xYz'),
  inBody('link-text', '<p>It is <a href="https://northwind.example/a">click here</a>.</p>'),
  inBody('link-text', '<p><a href="https://northwind.example/a"> </a></p>', {
    says: 'nothing is written',
  }),
  inBody(
    'many-links',
    Array.from(
      { length: 13 },
      (_, n) => `<p><a href="https://northwind.example/${n}">Story ${n}</a></p>`,
    ).join('\n'),
    { at: '"https://northwind.example/11"', says: 'link 13 of 14' },
  ),
  { rule: 'nothing-to-follow', file: first, from: button, to: '', at: '<mjml lang' },
  { rule: 'unsubscribe-link', file: first, from: footer, to: '', at: '<mjml lang' },
  { rule: 'postal-address', file: first, from: footer, to: '', at: '<mjml lang' },
  inBody('counted-link', '<p><a href="{{ links.stay }}">Say yes or no</a></p>', {
    says: 'would be counted',
  }),
  asTarget('counted-link', '{{ links.stay }}'),
  inBody(
    'hidden-leaving',
    '<p><a href="{{ links.unsubscribe }}" clicktracking="off" style="font-size:6px">Leave</a></p>',
    { says: '6 pixels' },
  ),
  inBody(
    'hidden-leaving',
    '<p><a href="{{ links.stay }}" clicktracking="off" style="display:none">Leave</a></p>',
    { says: 'hidden' },
  ),
  inBody(
    'hidden-leaving',
    '<p><a href="{{ links.stay }}" clicktracking="off" style="color:#f4f4f4">Leave</a></p>',
    { says: 'cannot be seen' },
  ),
  {
    rule: 'alt-text',
    file: first,
    from: button,
    to: '<mj-image src="https://northwind.example/x.png" />',
  },
  inBody(
    'alt-file-name',
    '<p><img src="https://northwind.example/x.png" width="9" alt="IMG_2041.jpg"></p>',
  ),
  inBody('image-source', '<p><img src="line.png" width="9" alt="A line"></p>'),
  inBody('image-source', '<p><img src="data:image/png;base64,AAAA" width="9" alt="A line"></p>'),
  inBody(
    'image-format',
    '<p><img src="https://northwind.example/x.svg" width="90" alt="A line"></p>',
  ),
  inBody('image-size', '<p><img src="https://northwind.example/x.png" alt="A line"></p>'),
  {
    rule: 'image-only',
    file: first,
    from: '<p>three plants let us show what happened in their first ninety days. It is short, and it is all there.</p>',
    to: '<p><img src="https://northwind.example/x.png" width="90" alt="All of it"></p>',
  },
  inBody(
    'tracking-pixel',
    '<p><img src="https://t.example/o.gif" width="1" height="1" alt=""></p>',
  ),
  {
    rule: 'plain-text',
    file: first,
    from: '',
    to: '',
    more: { [first]: onlyAnImage },
    at: '<mjml lang',
  },
  inBody('hidden-text', '<p style="display:none">pumps, sensors, cheap</p>'),
  inBody('active-content', '<p><iframe src="https://northwind.example/"></iframe></p>'),
  inBody('active-content', '<p onclick="go()">Go</p>', { says: 'is a script' }),
  {
    rule: 'web-font',
    file: first,
    from: '    <mj-preview>',
    to: '    <mj-font name="Raleway" href="https://fonts.example/r.css" />\n    <mj-preview>',
  },
  {
    rule: 'web-font',
    file: first,
    from: '    <mj-preview>',
    to: '    <mj-style>@import url(https://fonts.example/r.css);</mj-style>\n    <mj-preview>',
  },
  { rule: 'language', file: first, from: '<mjml lang="en">', to: '<mjml>' },
  inBody('headings', '<h1>A second one</h1>'),
  inBody('headings', '<h3>Too deep</h3>', { says: 'make it an <h2>' }),
  inBody('small-text', '<p style="font-size:9px">The small print</p>'),
  {
    rule: 'contrast',
    file: first,
    from: '<mj-text><p>Nora',
    to: '<mj-text color="#aaaaaa"><p>Nora',
    says: 'contrast of 2.3',
  },
  inBody('contrast', '<p style="color:#999">Pale</p>'),
  {
    rule: 'dark-mode',
    file: first,
    from: '<mj-include path="../../brand/head.mjml" />',
    to: '',
    at: '<mjml lang',
  },
  {
    rule: 'dark-background',
    file: first,
    from: '<mj-section padding="0 0 8px">',
    to: '<mj-section padding="0 0 8px" background-color="#fff4d6" css-class="note">',
  },
  inBody('wide', '<table width="900"><tr><td>1</td></tr></table>', { says: '900 pixels' }),
  inBody('wide-table', `<table><tr>${'<td>1</td>'.repeat(8)}</tr></table>`),
  inBody('size', `<p>${words(25_000)}</p>`, { at: '<mjml lang', says: 'keep it under 102 KB' }),
  inBody('near-size', `<p>${words(18_000)}</p>`, {
    at: '<mjml lang',
    says: 'grows when it is sent',
  }),
  {
    rule: 'style-size',
    file: first,
    from: '    <mj-preview>',
    to: `    <mj-style>${'.a { color: #111111; } '.repeat(400)}</mj-style>\n    <mj-preview>`,
  },
  inBody(
    'reading-ease',
    `<p>${'Zustandsorientierte Instandhaltungsstrategien ermöglichen nachvollziehbare Verfügbarkeitsverbesserungen, insbesondere hinsichtlich '.repeat(8)}.</p>`,
    { at: '<mjml lang' },
  ),
  inBody('long-mail', `<p>${words(500)}</p>`, { at: '<mjml lang' }),
  {
    rule: 'no-heading',
    file: first,
    from: '<h1>Three plants, three numbers</h1>',
    to: `<p>${words(300)}</p>`,
    at: '<mjml lang',
  },
];
