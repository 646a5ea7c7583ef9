// MJML 5 ships no types; this describes the part that is used.
declare module 'mjml' {
  interface MjmlProblem {
    line: number;
    message: string;
    tagName: string;
    formattedMessage: string;
  }
  interface MjmlOptions {
    validationLevel?: 'strict' | 'soft' | 'skip';
    filePath?: string;
    includePath?: string | string[];
    ignoreIncludes?: boolean;
    keepComments?: boolean;
    minify?: boolean;
    beautify?: boolean;
    useMjmlConfigOptions?: boolean;
    /** Web fonts by their names, loaded where a font family names one. */
    fonts?: Record<string, string>;
  }
  export default function mjml2html(
    source: string,
    options?: MjmlOptions,
  ): Promise<{ html: string; errors: MjmlProblem[] }>;
}
