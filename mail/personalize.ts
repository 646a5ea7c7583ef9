import { oneLine } from '../domain/document/text.ts';
import type { LeadId } from '../domain/ids.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import type { CompiledMail, SequenceContent } from '../store/sequence-version.ts';
import { parseLiquid, renderLiquid, type ParsedTemplate } from './liquid.ts';
import type { Links } from './links.ts';
import { brandVariables, leadVariables, repVariables, type MailVariables } from './variables.ts';

/** A mail that cannot be made for this lead; the message has nothing personal in it. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

interface ParsedMail {
  subject: ParsedTemplate;
  preheader: ParsedTemplate;
  html: ParsedTemplate;
  text: ParsedTemplate;
}

/** Whom a mail is made for. */
export interface MailLead {
  /** Null for a lead that nobody is, or who shall not be able to do anything by the mail's links. */
  id: LeadId | null;
  fields: LeadFields;
  /** The name of the rep that the lead is with; null when it is with none. */
  rep: string | null;
}

/** A mail made for one lead. */
export interface PersonalMail {
  subject: string;
  preheader: string;
  html: string;
  text: string;
  unsubscribe: string;
}

/** Published mails never change, so each is parsed once for as long as anybody holds on to it. */
const parsedMails = new WeakMap<CompiledMail, ParsedMail>();

/**
 * Makes a published mail for one lead.
 * @throws TemplateError when a variable has neither value nor default, or the template fails
 */
export function personalize(
  content: Pick<SequenceContent, 'mails' | 'brand'>,
  name: string,
  lead: MailLead,
  links: Links,
): PersonalMail {
  const mail = content.mails[name];
  if (mail === undefined) throw new TemplateError(`the version holds no mail "${name}"`);
  try {
    const parsed = parse(mail);
    const unsubscribe = links.unsubscribe(lead.id);
    const variables: MailVariables = {
      lead: leadVariables(lead.fields),
      rep: repVariables(lead.rep),
      brand: brandVariables(content.brand),
      mail: { subject: '', preheader: '' },
      links: {
        unsubscribe,
        // Few mails have it, and to sign it is a good part of what a mail costs.
        get stay() {
          return links.stay(lead.id);
        },
        honeypot: links.honeypot(),
      },
    };
    const subject = oneLine(renderLiquid(parsed.subject, variables));
    const preheader = oneLine(renderLiquid(parsed.preheader, variables));
    variables.mail = { subject, preheader };
    return {
      subject,
      preheader,
      html: renderLiquid(parsed.html, variables),
      text: renderLiquid(parsed.text, variables),
      unsubscribe,
    };
  } catch (error) {
    throw new TemplateError(complaintOf(error));
  }
}

/**
 * The subject alone, as it is made for a lead now.
 * @param subject as the marketer wrote it
 * @param company who mails
 * @returns null when it cannot be made any more, because a field that it needs is gone
 */
export function subjectFor(subject: string, fields: LeadFields, company: string): string | null {
  try {
    const variables = { lead: leadVariables(fields), brand: { company } };
    return oneLine(renderLiquid(parseLiquid(subject, 'text'), variables));
  } catch {
    return null;
  }
}

function parse(mail: CompiledMail): ParsedMail {
  let parsed = parsedMails.get(mail);
  if (parsed === undefined) {
    parsed = {
      subject: parseLiquid(mail.subject, 'text'),
      preheader: parseLiquid(mail.preheader, 'text'),
      html: parseLiquid(mail.html, 'html'),
      text: parseLiquid(mail.text, 'text'),
    };
    parsedMails.set(mail, parsed);
  }
  return parsed;
}

/** Liquid's complaint names the variable or the tag; what follows it may quote the template. */
function complaintOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? message).replace(/, line:\d+, col:\d+.*$/, '');
}
