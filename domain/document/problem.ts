import type { Place } from './place.ts';

/** One thing wrong with a document that a person wrote, and where. */
export interface Problem extends Place {
  /** What is wrong, what was expected, and the nearest right word, in one sentence. */
  message: string;
}

/** A document that cannot be used; the message lists every problem as `file:line:column`. */
export class DocumentError extends Error {
  readonly file: string;
  readonly problems: readonly Problem[];

  constructor(file: string, problems: readonly Problem[]) {
    super(
      problems
        .map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`)
        .join('\n'),
    );
    this.name = 'DocumentError';
    this.file = file;
    this.problems = problems;
  }
}
