import { join } from 'node:path';
import { parseDocument, visit, isScalar } from 'yaml';
import { largest, readTemplateFile } from './template-file.ts';

/** What files said when they were read last: most are as they were. */
const known = new Map<string, { text: string; targets: readonly string[] }>();

/**
 * Which sequences others move leads to. What is no YAML moves nobody: it is told where it is checked itself.
 * @param root the templates folder
 */
export async function movesOf(
  root: string,
  names: readonly string[],
): Promise<Map<string, readonly string[]>> {
  const read = await Promise.all(
    names.map(async name => {
      const path = join(root, 'sequences', name, 'sequence.yaml');
      const file = await readTemplateFile(path, root, largest['sequence.yaml']);
      return [name, file.kind === 'text' ? targetsIn(path, file.text) : []] as const;
    }),
  );
  return new Map(read);
}

function targetsIn(path: string, text: string): readonly string[] {
  const before = known.get(path);
  if (before?.text === text) return before.targets;
  const targets: string[] = [];
  if (/\bmove\b/.test(text))
    visit(parseDocument(text), {
      Pair: (_key, { key, value }) => {
        if (isScalar(key) && key.value === 'move' && isScalar(value))
          targets.push(String(value.value));
      },
    });
  known.set(path, { text, targets });
  return targets;
}
