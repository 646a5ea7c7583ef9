import type { FastifyInstance } from 'fastify';
import { splitFindings } from '../../domain/review/variant-words.ts';
import { standingIn } from '../../domain/sequence/standing.ts';
import { isBroken, type Draft } from '../../mail/drafts.ts';
import type { SequenceDraft } from '../../mail/sequence-folder.ts';
import { edgeCases } from '../../mail/edge-cases.ts';
import { previewOf } from '../../mail/preview.ts';
import { noFields } from '../../domain/lead/fields.ts';
import { afterMails, sequenceOverviews, standing } from '../../store/sequence-flow.ts';
import { splitResults } from '../../store/split-results.ts';
import { stepResults } from '../../store/step-results.ts';
import { Problems } from '../pages/studio/parts.tsx';
import { BrokenPage, SequencePage, type LiveSequence } from '../pages/studio/sequence.tsx';
import { SequencesPage, type LiveSequences } from '../pages/studio/sequences.tsx';
import { SourcePage } from '../pages/studio/source.tsx';
import { noSequence, ofStudio } from '../studio/answers.ts';
import { changesRoute } from '../studio/changes.ts';
import { ask, type Asked, type StudioContext } from '../studio/context.ts';
import { guard } from '../studio/guard.ts';
import { publishedOf } from '../studio/published.ts';
import { shownSteps } from '../studio/steps.ts';
import { studioMailRoutes } from './studio-mail.ts';

interface Route {
  Params: { name: string };
}

/** The studio: what marketers write, as it would go out. It shows, and changes nothing. */
export async function studioRoutes(server: FastifyInstance, context: StudioContext): Promise<void> {
  const { drafts, changes } = context;
  await changes.listening();
  server.addHook('onClose', async () => changes.close());
  // What was saved is read before anybody asks for it.
  changes.onChange(name => {
    if (name !== null) void drafts.draft(name);
  });
  guard(server, context);
  changesRoute(server, changes);
  await server.register(studioMailRoutes, context);

  server.get('/studio', ofStudio, async (_request, reply) => {
    const watched = { of: null, revision: changes.revisionOf(null) };
    const all = await drafts.all();
    reply.type('text/html');
    return SequencesPage({ drafts: all, live: await liveOfAll(context, all), watched });
  });

  server.get<Route>('/studio/:name', ofStudio, async ({ params: { name } }, reply) => {
    const watched = { of: name, revision: changes.revisionOf(name) };
    const draft = await drafts.draft(name);
    reply.type('text/html');
    if (draft === null) return noSequence(reply, context, name);
    if (isBroken(draft)) return BrokenPage({ draft, watched });
    const [live, names] = await Promise.all([liveOf(context, draft), drafts.names()]);
    return SequencePage({
      ...{ draft, live, watched, names },
      shown: shownSteps(draft),
      subjectOf: (mail, variant) =>
        subjectOf(draft, variant === null ? mail : `${mail}/${variant}`),
    });
  });

  server.get<Route>(
    '/studio/:name/sequence.yaml',
    ofStudio,
    async ({ params: { name } }, reply) => {
      const watched = { of: name, revision: changes.revisionOf(name) };
      const draft = await drafts.draft(name);
      reply.type('text/html');
      if (draft === null) return noSequence(reply, context, name);
      const text = isBroken(draft) ? draft.source : draft.linted.source;
      if (text === null) return noSequence(reply, context, name);
      return SourcePage({ name, watched, text, ...foundIn(draft) });
    },
  );
}

/** What is wrong with `sequence.yaml`, and with what else keeps it from being read. */
function foundIn(draft: Draft) {
  if (!isBroken(draft)) {
    const { file } = draft.linted;
    return { found: draft.findings.filter(finding => finding.file === file), elsewhere: '' };
  }
  const { file, problems } = draft;
  return file.endsWith('sequence.yaml')
    ? { found: problems, elsewhere: '' }
    : { found: [], elsewhere: Problems({ file, problems }) };
}

/** A subject as the sample lead gets it; as it is written, where it cannot be made. */
function subjectOf(draft: SequenceDraft, mail: string): string {
  const [sample] = edgeCases(draft.sample ?? noFields);
  const made = sample && previewOf(draft, mail, sample);
  return made === undefined || 'blocked' in made
    ? (draft.content.mails[mail]?.subject ?? '')
    : made.subject;
}

function liveOfAll(context: StudioContext, all: readonly Draft[]): Promise<Asked<LiveSequences>> {
  return ask(context, async database => {
    const overviews = await sequenceOverviews(database, context.clock.now());
    const published: LiveSequences['published'] = new Map(
      await Promise.all(
        all.map(async draft => {
          const live = isBroken(draft) ? null : await publishedOf(database, draft);
          return [draft.name, live] as const;
        }),
      ),
    );
    return { overviews, published };
  });
}

function liveOf(context: StudioContext, draft: SequenceDraft): Promise<Asked<LiveSequence>> {
  return ask(context, async database => {
    const at = context.clock.now();
    const { name } = draft;
    const [overviews, published, after, results, splits, versions] = await Promise.all([
      sequenceOverviews(database, at),
      publishedOf(database, draft),
      afterMails(database, name),
      stepResults(database, name, {}, at),
      splitResults(database, name, {}, at),
      standing(database, name),
    ]);
    const { places, elsewhere } = standingIn(draft.content.plan, versions);
    return {
      published,
      overview: overviews.get(name) ?? null,
      figures: { places, after, results: results?.steps ?? [] },
      elsewhere,
      standsOut: [
        ...(splits ?? []).flatMap(result =>
          splitFindings(result).map(text => `${result.split}: ${text}`),
        ),
        ...(results?.findings ?? []),
      ],
    };
  });
}
