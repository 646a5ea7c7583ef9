import type { Log, Result, ReportingDescriptor } from 'sarif';
import type { Severity } from './finding.ts';
import type { RuledFinding } from './rules.ts';

/** What is told of a rule to programs that show findings in code reviews. */
export interface TellingRule {
  id: string;
  severity: Severity;
  why: string;
  mend: string;
}

/**
 * Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), which code reviews show at their lines.
 * @param told the rules that findings may name
 * @param uriOf the path of a file from the root of the repository, with "/" between its parts
 */
export function sarifOf(
  findings: readonly RuledFinding[],
  told: readonly TellingRule[],
  uriOf: (file: string) => string,
  version: string,
): Log {
  const index = new Map(told.map(({ id }, place) => [id, place]));
  return {
    $schema:
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'lockstep', semanticVersion: version, rules: told.map(descriptorOf) },
        },
        // Columns count UTF-16 units, as the text of a program does.
        columnKind: 'utf16CodeUnits',
        results: findings.map(finding => resultOf(finding, index.get(finding.rule), uriOf)),
      },
    ],
  };
}

function descriptorOf({ id, severity, why, mend }: TellingRule): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: why },
    help: { text: `${why} ${mend}`, markdown: `${why}\n\n**How to mend it:** ${mend}` },
    defaultConfiguration: { level: levelOf(severity) },
  };
}

function resultOf(
  { file, line, column, message, rule, severity, edits }: RuledFinding,
  ruleIndex: number | undefined,
  uriOf: (file: string) => string,
): Result {
  return {
    ruleId: rule,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levelOf(severity),
    message: { text: message },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file) },
          region: { startLine: line, startColumn: column },
        },
      },
    ],
    ...(edits === undefined
      ? {}
      : {
          fixes: [
            {
              artifactChanges: [
                {
                  artifactLocation: { uri: uriOf(edits[0]?.file ?? file) },
                  replacements: edits.map(({ start, end, text }) => ({
                    deletedRegion: { charOffset: start, charLength: end - start },
                    insertedContent: { text },
                  })),
                },
              ],
            },
          ],
        }),
  };
}

function levelOf(severity: Severity): 'error' | 'warning' | 'note' {
  return severity === 'hint' ? 'note' : severity;
}
