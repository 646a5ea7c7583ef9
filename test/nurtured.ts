import type { LeadId } from '../domain/ids.ts';
import type { LeadFields } from '../domain/lead/fields.ts';
import type { App } from './app.ts';
import { aLead, bestFit, enrollmentOf, mailsTo, takeIn } from './program.ts';

/** A lead that was graded and is in nurture, or wherever its fields take it. */
export async function aNurturedLead(
  app: App,
  fields: Partial<LeadFields> = bestFit,
): Promise<LeadId> {
  const lead = await aLead(app, fields);
  await takeIn(app, lead);
  return lead;
}

/** The id of the workflow of a lead's open or last enrollment. */
export async function nurtureOf(app: App, lead: LeadId): Promise<string> {
  return `nurture/${(await enrollmentOf(app, lead)).id}`;
}

/** The steps whose mails a lead was sent, oldest first. */
export async function stepsOf(app: App, lead: LeadId): Promise<(string | undefined)[]> {
  return (await mailsTo(app, lead)).map(({ customArgs }) => customArgs.step);
}
