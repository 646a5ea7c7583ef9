import { ancestors } from '../template.ts';
import { attributeOf } from '../attributes.ts';
import { luminance } from '../color.ts';
import { inElements, type LintedMail, type Rule } from '../finding.ts';
import { wordsIn } from '../template.ts';

const areas = ['mj-body', 'mj-wrapper', 'mj-section', 'mj-column', 'mj-hero'];
/** From here on a color is light: it glares in the dark, and the text on it is made light. */
const light = 0.4;

export const darkBackground: Rule = {
  id: 'dark-background',
  severity: 'warning',
  why: 'Where all is dark, an area that stays light glares, and light text on it cannot be read.',
  mend: 'Give it a css-class, and that class a background in @media (prefers-color-scheme: dark).',
  example: {
    wrong: '<mj-section background-color="#fff4d6">',
    right:
      '<mj-section background-color="#fff4d6" css-class="note">, and in mj-style .note { background: #3a2f10 !important; }',
  },
  check: inElements((element, mail) => {
    const { name, attributes } = element;
    const color = attributes.get('background-color');
    if (!areas.includes(name) || color === undefined) return null;
    if ([...ancestors(element)].some(each => each.name === 'mj-attributes')) return null;
    const brightness = luminance(color.value);
    if (brightness === null || brightness < light) return null;
    const classes = (attributeOf(element, 'css-class', mail.defaults) ?? '').split(/\s+/);
    const dark = darkStyles(mail);
    return classes.some(each => each !== '' && dark.includes(`.${each}`))
      ? null
      : {
          at: color.start,
          message: `${color.value} stays as light in the dark; give the area a css-class with a dark background.`,
        };
  }),
};

/** What styles say for the dark. */
function darkStyles({ elements }: LintedMail): string {
  return elements
    .filter(({ name }) => name === 'mj-style' || name === 'style')
    .map(element => {
      const styles = wordsIn(element);
      const from = styles.search(/prefers-color-scheme\s*:\s*dark/);
      return from < 0 ? '' : styles.slice(from);
    })
    .join(' ');
}
