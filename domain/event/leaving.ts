/**
 * What people answer who want no more mail and say nothing else, in English, German and French: folded, and without
 * the words of {@link polite}. The list is short on purpose, because whoever leaves is never mailed again.
 */
const phrases: ReadonlySet<string> = new Set([
  'unsubscribe',
  'unsubscribe me',
  'stop',
  'opt out',
  'opt me out',
  'remove me',
  'remove me from your list',
  'remove me from this list',
  'remove me from your mailing list',
  'remove me from this mailing list',
  'take me off',
  'take me off your list',
  'take me off this list',
  'take me off your mailing list',
  'stop emailing me',
  'stop mailing me',
  'no more emails',
  'no more mails',
  'abmelden',
  'mich abmelden',
  'abmeldung',
  'abbestellen',
  'austragen',
  'mich austragen',
  'newsletter abmelden',
  'newsletter abbestellen',
  'melden sie mich ab',
  'keine mails mehr',
  'keine e mails mehr',
  'keine weiteren mails',
  'keine weiteren e mails',
  'aus dem verteiler nehmen',
  'aus dem verteiler loschen',
  'mich aus dem verteiler nehmen',
  'nehmen sie mich aus dem verteiler',
  'stopp',
  'desabonner',
  'me desabonner',
  'desabonnement',
  'desabonnez moi',
  'desinscrire',
  'me desinscrire',
  'desinscription',
  'desinscrivez moi',
  'plus de mails',
  'plus d e mails',
  'retirez moi de votre liste',
]);

/** Words that change nothing in what is asked for. */
const polite: ReadonlySet<string> = new Set(
  'please pls kindly thanks thank you thx hi hello bitte danke vielen dank hallo merci svp s il vous plait bonjour'.split(
    ' ',
  ),
);

/** Where what somebody wrote is over: a quoted mail, a signature, or a line that a mail program adds. */
const over =
  /^(>|--\s*$|_{5,}|-{3,}|(on|am|le)\b.*\d.*|(from|von|de|sent|gesendet|envoyé)\s*:|(sent|get|gesendet|von meinem|envoyé)\b.*(from|for|mit|von|de|gesendet)\b)/i;

/** Nobody takes more words to ask for this alone, in characters. */
const longest = 100;

/**
 * Whether an answer asks to be taken off, and says nothing else: its first paragraph, before anything that is
 * quoted. Where nobody wrote anything the subject tells.
 * @param text the mail's text part, with what it quotes
 */
export function asksToLeave(text: string, subject: string): boolean {
  const words = firstParagraph(text);
  return isPhrase(words === '' ? subject : words);
}

function firstParagraph(text: string): string {
  const lines: string[] = [];
  for (const given of text.trimStart().split('\n')) {
    const line = given.trim();
    if (line === '' || over.test(line)) break;
    lines.push(line);
  }
  return lines.join(' ');
}

function isPhrase(words: string): boolean {
  if (words.length > longest) return false;
  const folded = words
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(word => word !== '' && !polite.has(word));
  return phrases.has(folded.join(' '));
}
