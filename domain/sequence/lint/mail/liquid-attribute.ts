import { inElements, type Rule } from '../finding.ts';

/** Attributes that MJML reads as colors and lengths. */
const measured =
  /^(color|background-color|.*-color|width|height|font-size|line-height|(inner-)?padding(-\w+)?|border(-\w+)?|border-radius|letter-spacing|icon-size)$/;

export const liquidAttribute: Rule = {
  id: 'liquid-attribute',
  severity: 'error',
  why: 'MJML computes with colors and lengths while nothing is known of the lead, and gets them wrong.',
  mend: 'Write the color or length itself; show one thing or another with {% if %} in an mj-text.',
  example: { wrong: '<mj-text color="{{ lead.country }}">', right: '<mj-text color="#1d2733">' },
  check: inElements(({ name, attributes }) => {
    if (!name.startsWith('mj-')) return null;
    for (const [key, { value, start }] of attributes)
      if (measured.test(key) && /\{[{%]/.test(value))
        return { at: start, message: `"${key}" holds Liquid, which MJML cannot compute with.` };
    return null;
  }),
};
