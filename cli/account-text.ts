import colors from 'picocolors';
import { tellAccount } from '../domain/account/tell.ts';
import type { LifecycleStage } from '../domain/agreement/stages.ts';
import type { AccountLead, AccountSheet } from '../store/account-sheet.ts';
import type { Terminal } from './terminal.ts';
import { clip, wrap } from './wrap.ts';

type StageName = (stage: LifecycleStage) => string;

/** An account as a terminal of 80 columns shows it. */
export function sayAccount(terminal: Terminal, sheet: AccountSheet, stageName: StageName): void {
  const { leads, total } = sheet;
  terminal.say(colors.bold(wrap(`${tellAccount(sheet)}.`)));
  if (leads.length === 0) {
    terminal.say('It has no leads.');
    return;
  }
  terminal.say(
    total > leads.length ? `The best ${leads.length} of its ${total} leads:` : `Leads: ${total}.`,
  );
  sayLeads(terminal, leads, stageName);
}

/** Leads of one account, beside each other. */
export function sayLeads(
  terminal: Terminal,
  leads: readonly AccountLead[],
  stageName: StageName,
): void {
  terminal.table(
    ['lead', 'title', 'grade', 'stage', 'with'],
    leads.map(({ name, title, grade, stage, rep }) => [
      clip(name ?? 'not known', 20),
      clip(title ?? '', 18),
      grade ?? '',
      clip(stageName(stage), 14),
      clip(rep ?? '', 12),
    ]),
  );
}
