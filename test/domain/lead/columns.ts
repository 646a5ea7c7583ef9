import type { Columns } from '../../../domain/document/columns.ts';
import { readHeadings, type ColumnKind } from '../../../domain/lead/headings.ts';

/** The columns of a header row that can be understood. */
export function columns(header: string[], map: string[] = []): Columns<ColumnKind> {
  const result = readHeadings(header, map);
  if ('problems' in result) throw new Error(result.problems.join());
  return result.columns;
}
