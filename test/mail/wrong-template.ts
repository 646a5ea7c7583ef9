/** A template that is wrong in one way. */
export interface WrongTemplate {
  /** The rule that tells it. */
  rule: string;
  /** The file in which something is changed. */
  file: 'sequence.yaml' | '01-first.mjml' | '02-second.mjml';
  /** What is changed, and to what; nothing where only other files are told of. */
  from: string;
  to: string;
  /** A text of the line at which it is told; by default the first line of what it is changed to. */
  at?: string;
  /** The file that it is told in, where that is another. */
  told?: string;
  /** A part of what is told. */
  says?: string;
  /** Other files, or others in the place of those that are there. */
  more?: Readonly<Record<string, string>>;
  /** Mails that are like the first. */
  copies?: readonly string[];
  /** Sequences that are there as well, by name: their steps. */
  others?: Readonly<Record<string, string>>;
}

export const first = '01-first.mjml';
const plan = 'sequence.yaml';
export const button =
  '<mj-button href="https://northwind.example/stories">Read the three stories</mj-button>';
const text = '<p>Nora</p>';
const address = 'https://northwind.example/stories';
const subject = 'subject: Three plants, three numbers';
export const preheader = 'preheader: What changed in the first ninety days';
export const footer = '<mj-include path="../../brand/footer.mjml" />';
export const words = (count: number, sentence = 'They look at it once a week, and that is all. ') =>
  sentence.repeat(Math.ceil(count / 10));
export const inBody = (
  rule: string,
  to: string,
  more: Partial<WrongTemplate> = {},
): WrongTemplate => ({
  ...{ rule, file: first, from: text, to: `${text}\n${to}`, at: to.split('\n')[0] ?? '' },
  ...more,
});
export const asTarget = (
  rule: string,
  to: string,
  more: Partial<WrongTemplate> = {},
): WrongTemplate => ({
  ...{ rule, file: first, from: address, to, at: `href="${to}"` },
  ...more,
});
export const asSubject = (rule: string, to: string): WrongTemplate => ({
  ...{ rule, file: plan, from: subject, to: `subject: ${to}` },
});
export const inPlan = (
  rule: string,
  from: string,
  to: string,
  more: Partial<WrongTemplate> = {},
) => ({
  ...({ rule, file: plan, from, to } as const),
  ...more,
});
