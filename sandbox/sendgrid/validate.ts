import { z } from 'zod';

/** An address as the API takes it. */
const person = z.looseObject({ email: z.string(), name: z.string().optional() });

const mailSchema = z.looseObject({
  personalizations: z
    .array(
      z.looseObject({
        to: z.array(person).min(1),
        cc: z.array(person).optional(),
        bcc: z.array(person).optional(),
        subject: z.string().optional(),
        headers: z.record(z.string(), z.string()).optional(),
        custom_args: z.record(z.string(), z.string()).optional(),
      }),
    )
    .min(1)
    .max(1000),
  from: person,
  reply_to: person.optional(),
  subject: z.string().optional(),
  content: z.array(z.looseObject({ type: z.string(), value: z.string() })).min(1),
  headers: z.record(z.string(), z.string()).optional(),
  custom_args: z.record(z.string(), z.string()).optional(),
  categories: z.array(z.string()).max(10).optional(),
  send_at: z.number().optional(),
  mail_settings: z
    .looseObject({ sandbox_mode: z.looseObject({ enable: z.boolean().optional() }).optional() })
    .optional(),
  asm: z.looseObject({ group_id: z.int() }).optional(),
});

/** A body that `/v3/mail/send` takes. */
export type MailSend = z.output<typeof mailSchema>;

/** An error as the API words it. */
export interface ApiError {
  message: string;
  field: string | null;
  help: string | null;
}

const help = 'http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message.';
const address = /^[^\s@<>(),;:\\"[\]]+@[^\s@<>(),;:\\"[\]]+\.[^\s@.<>(),;:\\"[\]]+$/;

/** Checks a body as the real service does; its wording where the client could depend on it. */
export function validate(body: unknown): { mail: MailSend } | { errors: ApiError[] } {
  const parsed = mailSchema.safeParse(body);
  if (!parsed.success) return { errors: parsed.error.issues.map(issueToError) };
  const mail = parsed.data;
  const errors = [
    ...mail.personalizations.flatMap(({ to }, n) =>
      to.flatMap(({ email }, m) =>
        address.test(email)
          ? []
          : [error('Does not contain a valid address.', `personalizations.${n}.to.${m}.email`)],
      ),
    ),
    ...(address.test(mail.from.email)
      ? []
      : [error('Does not contain a valid address.', 'from.email')]),
    ...(mail.subject || mail.personalizations.every(({ subject }) => subject)
      ? []
      : [
          error(
            'The subject is required. You can get around this requirement if you use a template with a subject defined or if every personalization has a subject defined.',
            'subject',
          ),
        ]),
    ...(mail.content.some(({ value }) => value === '')
      ? [
          error(
            'The content value must be a string at least one character in length.',
            'content.0.value',
          ),
        ]
      : []),
    ...(isInOrder(mail.content.map(({ type }) => type))
      ? []
      : [
          error(
            'If present, text/plain and text/html may only be provided once and in that order.',
            'content',
          ),
        ]),
  ];
  const size = Buffer.byteLength(JSON.stringify(mail.custom_args ?? {}));
  if (size > 10_000) errors.push(error('The custom_args are too large.', 'custom_args'));
  return errors.length === 0 ? { mail } : { errors };
}

function isInOrder(types: string[]): boolean {
  const rank = (type: string) => (type === 'text/plain' ? 0 : type === 'text/html' ? 1 : 2);
  return (
    types.every((type, n) => n === 0 || rank(type) >= rank(types[n - 1] ?? '')) &&
    new Set(types).size === types.length
  );
}

function issueToError(issue: z.core.$ZodIssue): ApiError {
  const field = issue.path.map(String).join('.');
  const isMissing =
    field !== '' && issue.code === 'invalid_type' && issue.message.includes('undefined');
  if (field.startsWith('custom_args') || field.includes('.custom_args'))
    return error('The custom_args values must be strings.', field);
  return error(isMissing ? 'This field is required.' : 'Bad Request', field || null);
}

function error(message: string, field: string | null): ApiError {
  return { message, field, help: field === null ? null : help + field };
}
