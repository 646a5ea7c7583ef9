import mjml2html from 'mjml';
import { suggestion } from '../domain/document/nearest.ts';
import type { Problem } from '../domain/document/problem.ts';
import { textPart } from './text-part.ts';

/** A mail's body, compiled once when its sequence is published; its Liquid is still in it. */
export interface CompiledBody {
  html: string;
  text: string;
}

/** MJML's own components, for suggestions. */
const components =
  'mj-accordion mj-accordion-element mj-accordion-text mj-accordion-title mj-all mj-attributes mj-body mj-breakpoint mj-button mj-carousel mj-carousel-image mj-class mj-column mj-divider mj-font mj-group mj-head mj-hero mj-html-attributes mj-image mj-include mj-navbar mj-navbar-link mj-preview mj-raw mj-section mj-social mj-social-element mj-spacer mj-style mj-table mj-text mj-title mj-wrapper'.split(
    ' ',
  );

/**
 * Compiles a mail. Includes are resolved within the templates' root and nowhere else, and no font is loaded
 * from anybody: a reader who opens a mail asks no third party for anything.
 * @param file the mail's path, which its includes are relative to
 * @param root the folder that includes may not leave
 */
export async function compileMail(
  source: string,
  file: string,
  root: string,
): Promise<{ body: CompiledBody; problems: Problem[] }> {
  const { html, errors } = await mjml2html(source, {
    validationLevel: 'soft',
    filePath: file,
    ignoreIncludes: false,
    includePath: root,
    keepComments: false,
    // MJML's minifier ends the process on Liquid inside a style.
    minify: false,
    useMjmlConfigOptions: false,
    fonts: {},
  });
  return {
    body: { html, text: textPart(html) },
    problems: telling(errors).map(({ line, message }) => ({
      line,
      column: 1,
      message: `${message}${hintFor(message)}`,
    })),
  };
}

/** An element that does not exist has children that are in the wrong place, and so on: the first says it all. */
function telling<Complaint extends { message: string }>(complaints: Complaint[]): Complaint[] {
  const unknown = complaints.filter(({ message }) => unknownElement.test(message));
  return unknown.length > 0 ? unknown : complaints;
}

const unknownElement = /Element ([\w-]+) doesn't exist/;

function hintFor(message: string): string {
  const [, name] = unknownElement.exec(message) ?? [];
  return name === undefined ? '' : `.${suggestion(name, components)}`;
}
