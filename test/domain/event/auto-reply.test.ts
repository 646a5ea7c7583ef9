import { describe, expect, it } from 'vitest';
import {
  automaticSign,
  type AutomaticSign,
  type IncomingMail,
} from '../../../domain/event/auto-reply.ts';

type Given = Partial<Omit<IncomingMail, 'headers'>> & { headers?: Record<string, string> };

function mail({ headers = {}, ...more }: Given = {}): IncomingMail {
  return {
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
    returnPath: 'ada@company.example',
    from: 'ada@company.example',
    subject: 'Re: What a stop costs',
    ...more,
  };
}

const machines: readonly [AutomaticSign, Given][] = [
  ['auto-submitted', { headers: { 'auto-submitted': 'auto-replied' } }],
  ['auto-submitted', { headers: { 'auto-submitted': 'Auto-Generated' } }],
  ['auto-submitted', { headers: { 'auto-submitted': 'auto-replied (vacation)' } }],
  ['auto-submitted', { headers: { 'auto-submitted': 'auto-replied; owner-email="a@b.example"' } }],
  ['auto-submitted', { headers: { 'auto-submitted': 'auto-notified' } }],
  ['header', { headers: { 'x-autoreply': 'yes' } }],
  ['header', { headers: { 'x-autoreply': '' } }],
  ['header', { headers: { 'x-autorespond': 'I am away' } }],
  ['header', { headers: { 'x-mail-autoreply': 'true' } }],
  ['header', { headers: { 'x-failed-recipients': 'ada@company.example' } }],
  ['header', { headers: { 'x-auto-response-suppress': 'All' } }],
  ['header', { headers: { 'x-auto-response-suppress': 'DR, OOF, AutoReply' } }],
  ['header', { headers: { 'list-id': '<news.company.example>' } }],
  ['header', { headers: { 'list-unsubscribe': '<https://company.example/u>' } }],
  ['precedence', { headers: { precedence: 'bulk' } }],
  ['precedence', { headers: { precedence: 'Auto_Reply' } }],
  ['precedence', { headers: { precedence: 'auto-reply' } }],
  ['precedence', { headers: { precedence: 'junk' } }],
  ['precedence', { headers: { precedence: 'list' } }],
  ['report', { headers: { 'content-type': 'multipart/report; report-type=delivery-status' } }],
  ['return path', { returnPath: '' }],
  ['return path', { returnPath: '<>' }],
  ['return path', { returnPath: null, headers: { 'return-path': '<>' } }],
  ['sender', { from: 'mailer-daemon@company.example' }],
  ['sender', { from: 'postmaster@company.example' }],
  ['sender', { from: 'no-reply@company.example' }],
  ['sender', { from: 'noreply+tickets@company.example' }],
  ['sender', { returnPath: 'MAILER-DAEMON@company.example' }],
  ...[
    'Automatic reply: What a stop costs',
    'Auto-Reply: away',
    'Out of Office',
    'Out of the office until 3 March',
    'Out of office: What a stop costs',
    'Automatische Antwort: Was ein Stillstand kostet',
    'Abwesenheitsnotiz: Was ein Stillstand kostet',
    'Abwesend bis 3. März',
    'Réponse automatique : Ce que coûte un arrêt',
    'Réponse automatique : Ce que coûte un arrêt'.normalize('NFD'),
    'Message d’absence',
    'Respuesta automática: paro',
    'Risposta automatica: fermo',
    'Automatisch antwoord: stilstand',
    'Autosvar: stopp',
    'Odpowiedź automatyczna: postój',
    'Автоответ: простой',
    '自动回复: 停机',
    '自動返信：停止',
  ].map((subject): [AutomaticSign, Given] => ['subject', { subject }]),
];

const people: readonly Given[] = [
  {},
  { headers: { 'auto-submitted': 'no' } },
  { headers: { 'auto-submitted': 'no (a person)' }, subject: 'Out of office: my notes' },
  { headers: { 'auto-submitted': '' } },
  { headers: { 'x-autoreply': 'no' } },
  { headers: { 'x-auto-response-suppress': 'DR, RN, NRN' } },
  { headers: { 'x-auto-response-suppress': 'None' } },
  { headers: { precedence: 'normal' } },
  { headers: { precedence: 'first-class' } },
  { headers: { 'content-type': 'multipart/mixed; boundary="report"' } },
  { headers: { 'list-unsubscribe': '<https://crm.example/u>', 'in-reply-to': '<a@b.example>' } },
  { returnPath: 'bounces+123-ada=company.example@crm.example' },
  { returnPath: 'SRS0=x=y=company.example=ada@forwarder.example' },
  { returnPath: null },
  { returnPath: null, from: null },
  { from: 'reply@company.example' },
  { from: 'bouncer@company.example' },
  { from: 'norepley@company.example' },
  { subject: '' },
  { subject: 'Re: Out of office: What a stop costs' },
  { subject: 'AW: Automatische Antwort: Stillstand' },
  { subject: 'Out of office work is what we sell' },
  { subject: 'Abwesenheiten planen wir anders' },
  { subject: 'Automatic reply systems for our plant' },
];

describe('a mail that came in', () => {
  it.each(machines)('was made by a machine, by %s: %j', (sign, given) => {
    expect(automaticSign(mail(given))).toBe(sign);
  });

  it.each(people.map(given => [given]))('was written by a person: %j', given => {
    expect(automaticSign(mail(given))).toBeNull();
  });
});
