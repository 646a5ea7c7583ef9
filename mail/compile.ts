import mjml2html from 'mjml';
import { textPart } from './text-part.ts';

/** A mail's body, compiled once when its sequence is published; its Liquid is still in it. */
export interface CompiledBody {
  html: string;
  text: string;
}

/** What MJML says against a source. Lines count from 1. */
export interface MjmlProblem {
  line: number;
  message: string;
}

/**
 * Compiles a mail. Includes are resolved within the templates' root and nowhere else.
 * @param file the mail's path, which its includes are relative to
 * @param root the folder that includes may not leave
 */
export async function compileMail(
  source: string,
  file: string,
  root: string,
): Promise<{ body: CompiledBody; problems: MjmlProblem[] }> {
  const { html, errors } = await mjml2html(source, {
    validationLevel: 'soft',
    filePath: file,
    ignoreIncludes: false,
    includePath: root,
    keepComments: false,
    // MJML's minifier ends the process on Liquid inside a style.
    minify: false,
    useMjmlConfigOptions: false,
  });
  return {
    body: { html, text: textPart(html) },
    problems: errors.map(({ line, message }) => ({ line, message })),
  };
}
