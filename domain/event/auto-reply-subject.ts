/**
 * How mail programs begin the subject of an out-of-office or another automatic answer, in lower case, where nobody
 * chose one.
 */
const beginnings = [
  'automatic reply',
  'automatic response',
  'auto reply',
  'auto response',
  'auto-reply',
  'auto-response',
  'autoreply',
  'out of office',
  'out of the office',
  'out-of-office',
  'i am out of the office',
  'automatische antwort',
  'autom. antwort',
  'abwesenheit',
  'abwesenheitsnotiz',
  'abwesenheitsmeldung',
  'abwesenheitsbenachrichtigung',
  'abwesend',
  'réponse automatique',
  'absence du bureau',
  'absent du bureau',
  "message d'absence",
  'respuesta automática',
  'fuera de la oficina',
  'fuera de oficina',
  'risposta automatica',
  'fuori ufficio',
  'fuori sede',
  'resposta automática',
  'automatisch antwoord',
  'autosvar',
  'automatisk svar',
  'automatiskt svar',
  'automaattinen vastaus',
  'automatyczna odpowiedź',
  'odpowiedź automatyczna',
  'automatická odpověď',
  'автоответ',
  'автоматический ответ',
  '自动回复',
  '自動回覆',
  '自動返信',
  '자동 회신',
  '자동 응답',
];

/** What comes after it: nothing, the other mail's subject, or how long somebody is away. */
const goesOn =
  /^(\s*($|[:：;,|([\u2013\u2014-])|\s+(until|from|till|bis|vom|ab|re|aw|wg|du|jusqu)\b)/i;

/**
 * Whether a subject is one that a mail program gave to its answer. "Re:" before it makes it an answer to that one,
 * which a person wrote; and one that goes on like a sentence may be a person's as well.
 */
export function isAutoReplySubject(subject: string): boolean {
  const text = subject.normalize('NFC').replaceAll('’', "'").trim();
  const lower = text.toLowerCase();
  return beginnings.some(
    beginning => lower.startsWith(beginning) && goesOn.test(lower.slice(beginning.length)),
  );
}
