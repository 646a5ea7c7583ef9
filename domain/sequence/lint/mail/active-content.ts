import { inElements, type Rule } from '../finding.ts';

const active =
  /^(script|iframe|form|input|textarea|select|button|video|audio|source|object|embed|applet|canvas|svg|base|meta)$/;

export const activeContent: Rule = {
  id: 'active-content',
  severity: 'error',
  why: 'Mail programs take scripts, forms, frames and films out, or warn of the mail.',
  mend: 'Show an image or a button, and link it to a page that does it.',
  example: {
    wrong: '<video src="…"></video>',
    right: '<mj-button href="https://…/film">Watch the two minutes</mj-button>',
  },
  check: inElements(({ name, attributes }) => {
    if (
      active.test(name) &&
      !(name === 'meta' && /color-scheme/.test(attributes.get('name')?.value ?? ''))
    )
      return { message: `<${name}> does not work in mails; link to a page that does it.` };
    for (const [key, { start }] of attributes)
      if (/^on[a-z]+$/.test(key))
        return { at: start, message: `"${key}" is a script, which mail programs take out.` };
    return null;
  }),
};
