import { z } from 'zod';
import { parseDuration } from '../instant.ts';
import { fieldsConditionSchema, type FieldsCondition } from '../lead/match.ts';

/** What a lead does on its own, by the words that a sequence uses for it. */
export const doings = {
  visited: 'page',
  'filled in': 'form',
  downloaded: 'download',
  attended: 'webinar',
} as const;

/** What a branch, or a rule to leave by, asks. */
export type Condition =
  | { kind: 'clicked'; mail: string; withinMs: number | null; negated: boolean }
  | {
      kind: 'did';
      event: (typeof doings)[keyof typeof doings];
      /** A page's path, or the name of a form, file or webinar; `*` stands for anything. */
      subject: string;
      withinMs: number | null;
      negated: boolean;
    }
  | { kind: 'fields'; fields: FieldsCondition };

const clicked = /^(not )?clicked in ([a-z0-9-]+)(?: within (.+))?$/;
const did = new RegExp(
  `^(not )?(${Object.keys(doings).join('|')}) "([^"]{1,200})"(?: within (.+))?$`,
);

const spokenSchema = z.string().transform((text, context): Condition => {
  const said = text.trim();
  const [, not, mail, within] = clicked.exec(said) ?? [];
  const [, notDone, doing, subject, doneWithin] = did.exec(said) ?? [];
  const span = within ?? doneWithin;
  const withinMs = span === undefined ? null : parseDuration(span);
  const isSpan = span === undefined || (withinMs !== null && withinMs > 0);
  if (isSpan && mail !== undefined)
    return { kind: 'clicked', mail, withinMs, negated: not !== undefined };
  if (isSpan && subject !== undefined) {
    const event = doings[doing as keyof typeof doings];
    return { kind: 'did', event, subject, withinMs, negated: notDone !== undefined };
  }
  context.addIssue({
    code: 'custom',
    message: `a condition asks 'clicked in 02-three-plants within 5 days' or 'visited "/pricing*"' (or filled in, downloaded, attended), with "not" before it or without; or it names fields, such as { country: [DE, AT] }`,
  });
  return z.NEVER;
});

export const conditionSchema = z.union([
  spokenSchema,
  fieldsConditionSchema.transform((fields): Condition => ({ kind: 'fields', fields })),
]);
