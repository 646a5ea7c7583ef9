import { findingAt, type LintedMail, type Rule } from '../finding.ts';

/** Addresses of pages and images. */
const addressed = ['href', 'src', 'background-url'];

export const insecureLink: Rule = {
  id: 'insecure-link',
  severity: 'warning',
  why: 'Browsers warn of pages without encryption, and mail programs show no images from them.',
  mend: 'Write https:// where the site has it; nearly all do.',
  example: {
    wrong: 'href="http://northwind.example/"',
    right: 'href="https://northwind.example/"',
  },
  fix: 'writes https:// where other links of the sequence lead to the same site by it',
  check: ({ mails }) => {
    const safe = new Set(
      mails.flatMap(mail => targetsOf(mail)).flatMap(({ value }) => hostOf(value, 'https')),
    );
    return mails.flatMap(mail =>
      targetsOf(mail).flatMap(({ value, start, source }) => {
        const [host] = hostOf(value, 'http');
        if (host === undefined) return [];
        const found = findingAt(source, start, `"${value}" is not encrypted; write https://.`);
        const at = start + value.toLowerCase().indexOf('http:') + 'http'.length;
        const edit = { file: source.file, start: at, end: at, text: 's' };
        return [safe.has(host) ? { ...found, edits: [edit] } : found];
      }),
    );
  },
};

function targetsOf({ elements }: LintedMail) {
  return elements.flatMap(({ attributes, source }) =>
    addressed.flatMap(name => {
      const attribute = attributes.get(name);
      return attribute === undefined ? [] : [{ ...attribute, source }];
    }),
  );
}

function hostOf(target: string, protocol: string): string[] {
  const [, found, host] = /^\s*(https?):\/\/([^/?#\s]+)/i.exec(target) ?? [];
  return host !== undefined && found?.toLowerCase() === protocol ? [host.toLowerCase()] : [];
}
