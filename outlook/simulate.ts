import { readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import type { Agreement } from '../domain/agreement/agreement.ts';
import { isSales, type Grade } from '../domain/agreement/grade.ts';
import { suggestion } from '../domain/document/nearest.ts';
import { second, type Instant } from '../domain/instant.ts';
import type { Facts } from '../domain/nurture/facts.ts';
import type { Rules } from '../domain/sequence/plan.ts';
import type { SimulationOptions } from '../domain/sequence/simulate.ts';
import { readAssumptions } from '../domain/sequence/simulate/assumptions.ts';
import { behaviorOf } from '../domain/sequence/simulate/behavior.ts';
import type { FileReport } from '../intake/import-file.ts';
import { listSequences, readRules } from '../mail/sequence-folder.ts';
import { activeAgreement } from '../store/agreement.ts';
import type { Database } from '../store/database.ts';
import { measuredBehavior } from '../store/sequence-behavior.ts';
import { currentVersions } from '../store/sequence-version.ts';
import { readDraft } from './draft.ts';
import { leadsOfFile, leadsOfSegments } from './simulated-leads.ts';

/** What is asked cannot be simulated; the message says why and what to do. */
class SimulationError extends Error {
  override readonly name = 'SimulationError';
}

export interface SimulationRequest {
  sequence: string;
  /** The version in force instead of the folder's draft. */
  published: boolean;
  /** A CSV file of leads. */
  leads: string | null;
  /** What the user says of its headings. */
  map: readonly string[];
  segment: string | null;
  /** A file of assumptions instead of the templates' own. */
  assume: string | null;
  /** Begins then: the first moment of a day by the agreement's clock, or now. */
  begin: (zone: string) => Instant;
  days: number;
  seed: number;
  now: Instant;
  /** Told how many leads were looked at, of how many. */
  onProgress: (looked: number, of: number) => void;
}

/** Where things are. */
export interface SimulationPlaces {
  /** Null where no database runs: then the files' agreement holds, and all is assumed. */
  stored: { database: Database; clickHoldMs: number } | null;
  templates: string;
  agreement: string;
}

/** More leads are not worth the wait: what they come to is known by then. */
const mostLeads = 50_000;
/** How long a click may be a scanner's, where no configuration says it. */
const usualHoldMs = 60 * second;

/**
 * Gathers what a simulation rests on: the plan, the agreement, the leads, and how leads behaved until now.
 * @throws SimulationError, DocumentError, ImportError
 */
export async function gather(
  { stored, templates, agreement: folder }: SimulationPlaces,
  request: SimulationRequest,
): Promise<{ options: SimulationOptions; file: FileReport | null }> {
  const { sequence, days, seed, now } = request;
  if (request.leads !== null && request.segment !== null)
    throw new SimulationError('Name either a file with --leads, or a segment with --segment.');
  const database = stored?.database ?? null;
  const drafts = await listSequences(templates);
  const versions = database === null ? [] : await currentVersions(database);
  const { rules, version } = request.published
    ? publishedRules(sequence, versions)
    : { rules: await readRules(templates, sequence), version: 'draft' };
  const path = relative('.', request.assume ?? join(templates, 'assumptions.yaml'));
  const assumptions = readAssumptions(path, await textOf(path));
  const active = database && (await activeAgreement(database));
  const { agreement } = active ?? (await readDraft(join(folder, 'agreement.yaml'), folder, drafts));
  const begin = request.begin(agreement.working_hours.zone);
  const who = await whoOf(database, agreement, begin, request);
  if (who.leads.length === 0)
    throw new SimulationError(
      `There are no leads in ${who.from}, so there is nothing to simulate.`,
    );
  if (who.leads.length > mostLeads)
    throw new SimulationError(
      `There are ${who.leads.length.toLocaleString('en')} leads in ${who.from}; at most ${mostLeads.toLocaleString('en')} are simulated at once. Name a file of fewer, or another segment.`,
    );
  const measured = database && (await measuredBehavior(database, sequence, now));
  const options: SimulationOptions = {
    ...{ sequence, version, rules, agreement, begin, days, seed, ...who },
    agreed: active === null ? 'agreement.yaml' : `version ${active.version}`,
    behavior: behaviorOf(rules.plan, assumptions, measured),
    clickHoldMs: stored?.clickHoldMs ?? usualHoldMs,
    published: new Set([...drafts, ...versions.map(({ name }) => name)]),
  };
  return { options, file: who.file };
}

function publishedRules(
  sequence: string,
  versions: readonly { name: string; version: number; content: Rules }[],
): { rules: Rules; version: string } {
  const found = versions.find(({ name }) => name === sequence);
  if (found !== undefined) return { rules: found.content, version: `version ${found.version}` };
  const names = versions.map(({ name }) => name);
  throw new SimulationError(
    `No sequence "${sequence}" is published.${suggestion(sequence, names)}`,
  );
}

async function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    const { code } = error as NodeJS.ErrnoException;
    throw new SimulationError(`${path} cannot be read (${code ?? 'unknown'}); check its path.`);
  });
}

/** The leads that are asked for, and what they are called. */
async function whoOf(
  database: Database | null,
  agreement: Agreement,
  begin: Instant,
  request: SimulationRequest,
): Promise<{ leads: readonly Facts[]; from: string; file: FileReport | null }> {
  const { leads: path, map, now, onProgress } = request;
  if (path !== null) {
    const { leads, report } = await leadsOfFile(path, map, agreement, begin);
    return { leads, from: basename(path), file: report };
  }
  const { from, isWanted } = segmentsOf(agreement, request);
  if (database === null)
    throw new SimulationError(
      `Nothing runs that has leads. Say who would be in ${request.sequence} with --leads FILE, or start the workspace.`,
    );
  const leads = await leadsOfSegments(database, agreement, isWanted, now, onProgress);
  return { leads, from, file: null };
}

/** The segment that is named; else all that name the sequence, for the grades that they name it for. */
function segmentsOf(
  { segments }: Agreement,
  { sequence, segment }: Pick<SimulationRequest, 'sequence' | 'segment'>,
): { from: string; isWanted: (segment: string, grade: Grade) => boolean } {
  const names = segments.map(({ name }) => name);
  if (segment !== null) {
    if (!names.includes(segment))
      throw new SimulationError(`There is no segment "${segment}".${suggestion(segment, names)}`);
    return { from: `segment ${segment}`, isWanted: name => name === segment };
  }
  const naming = segments.filter(({ nurture }) => nurture.C === sequence || nurture.D === sequence);
  if (naming.length === 0)
    throw new SimulationError(
      `No segment names "${sequence}", so nobody gets it by itself: say who would, with --leads FILE or --segment NAME. Segments: ${names.join(', ')}.`,
    );
  return {
    from: `the segments that name ${sequence}`,
    isWanted: (name, grade) =>
      !isSales(grade) &&
      naming.some(({ name: own, nurture }) => own === name && nurture[grade] === sequence),
  };
}
