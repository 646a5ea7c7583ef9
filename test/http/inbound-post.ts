import { randomBytes } from 'node:crypto';

/** A part of a form; bytes go out as they are, so that they can be in any encoding. */
export type Part = string | Buffer | { file: string; type: string; bytes: Buffer };
export type Parts = Readonly<Record<string, Part>>;

const boundary = 'xYzZY';

/** The header of a request whose body {@link formBody} made. */
export const formType = { 'content-type': `multipart/form-data; boundary=${boundary}` };

/** A form as Inbound Parse posts it. */
export function formBody(parts: Parts | readonly (readonly [string, Part])[]): Buffer {
  const entries = Array.isArray(parts)
    ? (parts as readonly (readonly [string, Part])[])
    : Object.entries(parts as Parts);
  const chunks = entries.flatMap(([name, part]) => {
    const isFile = typeof part === 'object' && 'file' in part;
    const head = isFile
      ? `; filename="${part.file}"\r\nContent-Type: ${part.type}\r\n\r\n`
      : '\r\n\r\n';
    return [
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${head}`),
      Buffer.from(isFile ? part.bytes : (part as string)),
      Buffer.from('\r\n'),
    ];
  });
  return Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]);
}

/** What Inbound Parse tells of a mail that a person wrote. */
export function aMail(
  from: string,
  headers: Readonly<Record<string, string>> = {},
  parts: Parts = {},
): Parts {
  const all: Record<string, string> = {
    Received: 'by mx.sendgrid.net with SMTP id x\r\n\tMon, 02 Mar 2026 08:00:00 +0000 (UTC)',
    From: `Somebody <${from}>`,
    To: 'reply@parse.sender.example',
    Subject: 'Re: What a stop costs',
    'Message-ID': `<${randomBytes(8).toString('hex')}@company.example>`,
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  };
  return {
    headers: Object.entries(all)
      .map(([name, value]) => `${name}: ${value}\n`)
      .join(''),
    from: `Somebody <${from}>`,
    to: 'reply@parse.sender.example',
    subject: all.Subject ?? '',
    text: 'Yes, please call me.\n\n> What a stop costs',
    envelope: JSON.stringify({ to: ['reply@parse.sender.example'], from }),
    charsets: JSON.stringify({ to: 'UTF-8', from: 'UTF-8', subject: 'UTF-8', text: 'utf-8' }),
    SPF: 'pass',
    ...parts,
  };
}

/** Posts a mail, or the bytes of any body. */
export async function postMail(
  to: string,
  parts: Parts | Buffer,
  headers: Record<string, string> = formType,
): Promise<{ status: number; body: string }> {
  const body = Buffer.isBuffer(parts) ? parts : formBody(parts);
  const response = await fetch(to, { method: 'POST', headers, body: new Uint8Array(body) });
  return { status: response.status, body: await response.text() };
}
