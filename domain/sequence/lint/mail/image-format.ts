import { inElements, type Rule } from '../finding.ts';

export const imageFormat: Rule = {
  id: 'image-format',
  severity: 'warning',
  why: 'Outlook shows no SVG, WebP or AVIF: there the image is missing.',
  mend: 'Save it as PNG, JPEG or GIF.',
  example: { wrong: 'src="https://…/logo.svg"', right: 'src="https://…/logo.png"' },
  check: inElements(({ name, attributes }) => {
    const source = attributes.get('src');
    if ((name !== 'mj-image' && name !== 'img') || source === undefined) return null;
    const [, format] =
      /\.(svg|webp|avif)(?:[?#].*)?$/i.exec(source.value.trim().slice(0, 500)) ?? [];
    return format === undefined
      ? null
      : {
          at: source.start,
          message: `Outlook shows no .${format.toLowerCase()}; save the image as PNG or JPEG.`,
        };
  }),
};
