import {
  first,
  button,
  footer,
  words,
  inBody,
  asTarget,
  type WrongTemplate,
} from './wrong-template.ts';

const onlyAnImage = `<mjml lang="en"><mj-body><mj-section><mj-column>
  <mj-image src="https://northwind.example/x.png" alt="All of it" />
</mj-column></mj-section></mj-body></mjml>`;

/** Where a mail may not lead to, and how it may not look. */
export const wrongLooks: readonly WrongTemplate[] = [
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
