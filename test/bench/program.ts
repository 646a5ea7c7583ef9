import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Agreement } from '../../domain/agreement/agreement.ts';
import { instant } from '../../domain/instant.ts';
import { readDocument } from '../../domain/document/read.ts';
import { planOf } from '../../domain/sequence/plan.ts';
import { sequenceSchema } from '../../domain/sequence/schema.ts';
import { Engine } from '../../engine/engine.ts';
import { importLeads } from '../../intake/import-leads.ts';
import { setUp } from '../../intake/set-up.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import { activeAgreement } from '../../store/agreement.ts';
import type { Database } from '../../store/database.ts';
import { publishVersion } from '../../store/publication.ts';
import type { Machine } from './machine.ts';
import { agreeOn } from '../agreed.ts';

const now = () => instant(Date.now());

/** The shipped agreement without its cap, whose segments put every lead into the sequence that its title names. */
export async function prepare({ database }: Machine, sequences: readonly string[]): Promise<void> {
  await setUp(database, { agreement: 'agreement', templates: 'templates' }, now());
  const stored = await activeAgreement(database);
  if (stored === null) throw new Error('The shipped agreement is not active.');
  const { agreement } = stored;
  const segments = sequences.map((name, index) => ({
    name,
    ...(index === sequences.length - 1 ? {} : { when: { company: [name] } }),
    nurture: { C: name, D: name },
  }));
  const nurture = { ...agreement.nurture, cap: { mails: 99, days: 1 } };
  await agreeOn(database, { ...withEndlessRoom(agreement), segments, nurture }, now());
  await database.person.updateMany({ data: { capacity: null } });
}

/** An agreement by which reps take whatever comes, so that no lead waits for one who has room. */
export function withEndlessRoom(agreement: Agreement): Agreement {
  return { ...agreement, routing: { capacity_per_rep: 9_999 } };
}

/** Publishes a sequence of a plan in YAML, with the shipped mails (12 KB of HTML each) in turn. */
export async function publish(database: Database, name: string, yaml: string): Promise<void> {
  const { content } = await readSequence('templates', 'c-nurture');
  const shipped = Object.values(content.mails);
  const plan = planOf(readDocument('bench.yaml', yaml, sequenceSchema).value);
  const names = plan.flatMap(step => (step.do === 'mail' ? [step.mail] : []));
  const mails = Object.fromEntries(
    names.flatMap((mail, n) => {
      const content = shipped[n % shipped.length];
      return content === undefined ? [] : [[mail, content]];
    }),
  );
  await publishVersion(database, name, { ...content, goal: name, plan, mails }, now());
}

/** A plan: mails with waits between, the first of them after a wait of its own or at once. */
export function mailsEvery(first: string | null, between: string, count: number): string {
  const steps = Array.from({ length: count }, (_, n) => {
    const wait = n === 0 ? first : between;
    const mail = `  - { mail: m${n}, subject: Mail ${n}, preheader: p }\n`;
    return wait === null ? mail : `  - wait: ${wait}\n${mail}`;
  });
  return `goal: bench\nowner: bench\nwindow: always\nsteps:\n${steps.join('')}`;
}

let files = 0;

/** Imports leads as the command does, and waits until every one is enrolled and its workflow started. */
export async function bringIn(
  { database, client, folder }: Machine,
  sequence: string,
  count: number,
): Promise<void> {
  files += 1;
  const path = join(folder, `leads-${files}.csv`);
  const rows = Array.from(
    { length: count },
    (_, n) =>
      `lead-${n}@bench-${files}-${n % 97}.example,Ada,Lovelace ${n},Shift Lead,${sequence},Manufacturing,500,Germany`,
  );
  await writeFile(
    path,
    `Email,First Name,Last Name,Title,Company,Industry,Employees,Country\n${rows.join('\n')}\n`,
  );
  const stored = await activeAgreement(database);
  if (stored === null) throw new Error('No agreement is active.');
  const { importId } = await importLeads(
    database,
    stored.agreement,
    {
      path,
      source: `bench ${files}`,
      cost: null,
      map: [],
      dryRun: false,
      onProgress: () => undefined,
    },
    now(),
  );
  await new Engine(client).importIntake(importId, { shift: 0 });
  // Counting rows as the command does takes time from what is measured.
  await client.workflow.getHandle(`intake/${importId}`).result();
}
