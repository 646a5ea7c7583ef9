import type { LeadFields } from '../domain/lead/fields.ts';
import { stepInWords } from '../domain/sequence/in-words.ts';
import { compiledName, type MailInstruction } from '../domain/sequence/plan.ts';
import type { SequenceContent } from '../store/sequence-version.ts';
import { previewOf, type Previewed } from './preview.ts';

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

/** The mails that differ between two versions, or all of one, as a lead would get them. */
export function mailsBeside(
  name: string,
  before: SequenceContent | null,
  after: SequenceContent,
  fields: LeadFields,
): Beside[] {
  const mails = new Map<string, MailInstruction>();
  for (const instruction of [...after.plan, ...(before?.plan ?? [])])
    if (instruction.do === 'mail' && !mails.has(compiledName(instruction)))
      mails.set(compiledName(instruction), instruction);
  return [...mails].flatMap(([mail, instruction]) => {
    const [was, is] = [before?.mails[mail], after.mails[mail]];
    if (was !== undefined && is !== undefined && isSame(was, is)) return [];
    return [
      {
        mail: stepInWords(instruction),
        before: before === null ? null : rendered({ name, content: before }, mail, fields),
        after: rendered({ name, content: after }, mail, fields),
      },
    ];
  });
}

function isSame(was: SequenceContent['mails'][string], is: typeof was): boolean {
  return was.html === is.html && was.subject === is.subject && was.preheader === is.preheader;
}

function rendered(version: Previewed, mail: string, fields: LeadFields): Rendered | null {
  if (version.content.mails[mail] === undefined) return null;
  const made = previewOf(version, mail, { fields, rep: null });
  return 'blocked' in made ? { problem: made.blocked } : { subject: made.subject, html: made.html };
}
