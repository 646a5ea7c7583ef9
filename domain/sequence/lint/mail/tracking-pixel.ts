import { pixels } from '../attributes.ts';
import { inElements, type Rule } from '../finding.ts';
import { stylesOf } from '../template.ts';

export const trackingPixel: Rule = {
  id: 'tracking-pixel',
  severity: 'warning',
  why: 'Opens count for nothing here, since machines open mails too; a pixel only tells a third party who reads.',
  mend: 'Take the image out; clicks and replies are counted by themselves.',
  example: {
    wrong: '<img src="https://t.example/o.gif" width="1" height="1">',
    right: '(nothing)',
  },
  check: inElements(element => {
    const { name, attributes } = element;
    if (name !== 'img' && name !== 'mj-image') return null;
    const styles = stylesOf(element);
    const [width, height] = ['width', 'height'].map(
      side => pixels(attributes.get(side)?.value) ?? pixels(styles.get(side)),
    );
    const tiny = (size: number | null | undefined) => typeof size === 'number' && size <= 2;
    return (tiny(width) && tiny(height ?? 0)) || styles.get('display') === 'none'
      ? { message: 'this image is a tracking pixel; take it out.' }
      : null;
  }),
};
