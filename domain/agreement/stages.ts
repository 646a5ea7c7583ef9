import { z } from 'zod';

/** The stages that a lead goes through, in order, by the names that the field has for them. */
export const stages = [
  'subscriber',
  'lead',
  'mql',
  'sal',
  'sql',
  'opportunity',
  'customer',
] as const;
export type LifecycleStage = (typeof stages)[number];

const names: Readonly<Record<LifecycleStage, string>> = {
  subscriber: 'Subscriber',
  lead: 'Lead',
  mql: 'Marketing qualified lead',
  sal: 'Sales accepted lead',
  sql: 'Sales qualified lead',
  opportunity: 'Opportunity',
  customer: 'Customer',
};

/** What both teams call each stage; what they do not name has the name that the field gives it. */
export const stagesSchema = z.partialRecord(z.enum(stages), z.string().min(1).max(40));

/** What is known of a lead that says how far it has come. */
export interface Progress {
  grade: string | null;
  account: string | null;
  /** The furthest that sales has said of it, with a rep or in another system. */
  sales: 'escalated' | 'accepted' | 'qualified' | 'won' | null;
}

/** The stage that a lead has reached. */
export function stageOf({ grade, account, sales }: Progress): LifecycleStage {
  if (account === 'customer' || sales === 'won') return 'customer';
  if (account === 'open opportunity') return 'opportunity';
  if (sales === 'qualified') return 'sql';
  if (sales === 'accepted') return 'sal';
  if (sales === 'escalated') return 'mql';
  return grade === null ? 'subscriber' : 'lead';
}

/** The name of a stage, as both teams agreed. */
export function stageName(
  stage: LifecycleStage,
  agreed: Partial<Record<LifecycleStage, string>> | undefined,
): string {
  return agreed?.[stage] ?? names[stage];
}
