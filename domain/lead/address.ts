/**
 * An e-mail address in the one form that Lockstep stores and compares: trimmed, lower case,
 * the domain in its ASCII form.
 */
export type Address = string & { readonly normalized: true };

const domainForm = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;
/** Local parts are matched by letter case nowhere in practice, so the whole address is lowered. */
const localForm = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;

/**
 * Normalizes an address, or says why it is none.
 * @param text as a person or a file wrote it; `Ada Lovelace <ada@example.com>` is understood
 */
export function normalizeAddress(text: string): { address: Address } | { reason: string } {
  const shown = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text;
  const trimmed = shown.normalize('NFC').trim();
  if (trimmed === '') return { reason: 'the address is blank' };
  if (hasControlCharacter(trimmed)) return { reason: 'the address holds a control character' };
  const at = trimmed.lastIndexOf('@');
  if (at < 1) return { reason: 'the address has no @' };
  const domain = asciiDomain(trimmed.slice(at + 1));
  if (domain === null) return { reason: 'the part after the @ is not a domain' };
  const local = trimmed.slice(0, at).toLowerCase();
  const address = `${local}@${domain}`;
  if (!localForm.test(local) || local.includes('..') || !domainForm.test(domain)) {
    const odd = /[^a-z0-9.!#$%&'*+/=?^_`{|}~@-]/.exec(address)?.[0];
    return {
      reason:
        odd === undefined
          ? 'the address is not one that mail can be sent to'
          : `the address holds "${odd}", which no address of the mail system may`,
    };
  }
  return { address: address as Address };
}

/** The domain of a normalized address. */
function domainOf(address: Address): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** Providers whose domain says nothing about where a person works. */
const freeMail = new Set(
  (
    'gmail.com googlemail.com outlook.com hotmail.com live.com msn.com yahoo.com yahoo.de ymail.com icloud.com ' +
    'me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch web.de t-online.de freenet.de mail.com proton.me ' +
    'protonmail.com posteo.de mailbox.org orange.fr free.fr laposte.net wanadoo.fr libero.it hotmail.fr hotmail.co.uk ' +
    'yahoo.co.uk btinternet.com bluewin.ch qq.com 163.com mail.ru yandex.ru zoho.com fastmail.com'
  ).split(' '),
);

/** The domain that tells the lead's company, or null for a free-mail address. */
export function companyDomain(address: Address): string | null {
  const domain = domainOf(address);
  return freeMail.has(domain) ? null : domain;
}

/**
 * The domain by which a company's leads are known, or why a text names none.
 * @param text a domain, the address of a website or a page of it, or an address of mail
 */
export function readCompanyDomain(text: string): { domain: string } | { reason: string } {
  const host = text
    .trim()
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .replace(/^.*@/s, '')
    .replace(/:\d+$/, '')
    .replace(/\.$/, '');
  const domain = asciiDomain(host)?.replace(/^www\.(?=[^.]+\.)/, '') ?? '';
  if (!domainForm.test(domain) || /\.\d+$/.test(domain))
    return { reason: `"${text.slice(0, 60)}" is no domain; write it like example.com` };
  if (freeMail.has(domain))
    return { reason: `at ${domain} anybody may have an address, so it tells no company` };
  return { domain };
}

function hasControlCharacter(text: string): boolean {
  // eslint-disable-next-line no-control-regex -- finding control characters is what this is for
  return /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/.test(text);
}

function asciiDomain(domain: string): string | null {
  // The URL parser is the platform's implementation of UTS #46, with the checks that browsers make.
  try {
    const { hostname, port, pathname, username, search, hash } = new URL(`http://${domain}/`);
    const plain =
      port === '' && pathname === '/' && username === '' && search === '' && hash === '';
    return plain && hostname !== '' ? hostname : null;
  } catch {
    return null;
  }
}
