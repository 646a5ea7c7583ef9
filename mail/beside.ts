import type { LeadId } from '../domain/ids.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import { stepInWords } from '../domain/sequence/in-words.ts';
import { compiledName, type MailInstruction } from '../domain/sequence/plan.ts';
import type { SequenceContent } from '../store/sequence-version.ts';
import { Links } from './links.ts';
import { personalize, TemplateError } from './personalize.ts';

/** A mail as a lead would get it; or why it cannot be made for them. */
export type Rendered = { subject: string; html: string } | { problem: string };

/** A mail of two versions. */
export interface Beside {
  /** What it is called. */
  mail: string;
  /** Null where the version has no such mail. */
  before: Rendered | null;
  after: Rendered | null;
}

/** They lead nowhere: nobody leaves by looking at a page. */
const links = new Links('https://example.com', 'a secret that signs nothing but samples');

/** The mails that differ between two versions, or all of one, as a lead would get them. */
export function mailsBeside(
  before: SequenceContent | null,
  after: SequenceContent,
  fields: LeadFields,
): Beside[] {
  const mails = new Map<string, MailInstruction>();
  for (const instruction of [...after.plan, ...(before?.plan ?? [])])
    if (instruction.do === 'mail' && !mails.has(compiledName(instruction)))
      mails.set(compiledName(instruction), instruction);
  return [...mails].flatMap(([name, instruction]) => {
    const [was, is] = [before?.mails[name], after.mails[name]];
    if (was !== undefined && is !== undefined && isSame(was, is)) return [];
    return [
      {
        mail: stepInWords(instruction),
        before: before === null ? null : rendered(before, name, fields),
        after: rendered(after, name, fields),
      },
    ];
  });
}

function isSame(was: SequenceContent['mails'][string], is: typeof was): boolean {
  return was.html === is.html && was.subject === is.subject && was.preheader === is.preheader;
}

function rendered(content: SequenceContent, name: string, fields: LeadFields): Rendered | null {
  if (content.mails[name] === undefined) return null;
  try {
    const { subject, html } = personalize(content, name, { id: 'sample' as LeadId, fields }, links);
    return { subject, html };
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    return { problem: error.message };
  }
}
