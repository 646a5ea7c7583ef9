import { expect, it } from 'vitest';
import { z } from 'zod';
import { sarifOf } from '../../../domain/sequence/lint/sarif.ts';
import { formRules } from '../../../domain/sequence/lint/form.ts';
import { rules } from '../../../domain/sequence/lint/rules.ts';

const level = z.enum(['error', 'warning', 'note']);
const text = z.strictObject({ text: z.string().min(1), markdown: z.string().min(1).optional() });
const artifactLocation = z.strictObject({
  uri: z.string().regex(/^[^\s\\]+$/, 'a URI has neither spaces nor backslashes'),
});
/** The part of https://docs.oasis-open.org/sarif/sarif/v2.1.0/ that is written, and nothing beside it. */
const log = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          semanticVersion: z.string().regex(/^\d+\.\d+\.\d+/),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: text,
              help: text,
              defaultConfiguration: z.strictObject({ level }),
            }),
          ),
        }),
      }),
      columnKind: z.literal('utf16CodeUnits'),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level,
          message: text,
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation,
                region: z.strictObject({ startLine: z.int().min(1), startColumn: z.int().min(1) }),
              }),
            }),
          ]),
          fixes: z
            .tuple([
              z.strictObject({
                artifactChanges: z.tuple([
                  z.strictObject({
                    artifactLocation,
                    replacements: z
                      .array(
                        z.strictObject({
                          deletedRegion: z.strictObject({
                            charOffset: z.int().min(0),
                            charLength: z.int().min(0),
                          }),
                          insertedContent: z.strictObject({ text: z.string() }),
                        }),
                      )
                      .min(1),
                  }),
                ]),
              }),
            ])
            .optional(),
        }),
      ),
    }),
  ]),
});

it('findings are SARIF 2.1.0, each with its rule, its line, and what mends it', () => {
  const told = [...rules, ...formRules];
  const file = 'templates/sequences/tried/01 first.mjml';
  const found = { file, line: 3, column: 7, message: 'would be counted' };
  const edit = { file, start: 40, end: 40, text: ' clicktracking="off"' };
  const made = sarifOf(
    [
      { ...found, rule: 'counted-link', severity: 'error', edits: [edit] },
      { ...found, rule: 'long-mail', severity: 'hint' },
      { ...found, rule: 'form', severity: 'error' },
    ],
    told,
    path => path.split('/').map(encodeURIComponent).join('/'),
    '1.2.3',
  );
  const [run] = log.parse(JSON.parse(JSON.stringify(made))).runs;
  expect(run.tool.driver.rules).toHaveLength(told.length);
  expect(run.results.map(({ level: how }) => how)).toEqual(['error', 'note', 'error']);
  for (const { ruleId, ruleIndex } of run.results)
    expect(run.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
  const [first] = run.results;
  expect(first?.fixes?.[0].artifactChanges[0].replacements[0]?.insertedContent.text).toBe(
    edit.text,
  );
  expect(first?.locations[0].physicalLocation.artifactLocation.uri).toBe(
    'templates/sequences/tried/01%20first.mjml',
  );
});
