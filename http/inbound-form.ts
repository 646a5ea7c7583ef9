import { errorCodes, type FastifyReply, type FastifyRequest } from 'fastify';
import { BusyError } from './bodies.ts';

const kilobyte = 1024;

/** What is kept of each field, in bytes; what is longer is cut, and what is not named here is thrown away. */
const kept: ReadonlyMap<string, number> = new Map([
  ['headers', 128 * kilobyte],
  ['from', 8 * kilobyte],
  ['envelope', 8 * kilobyte],
  ['subject', 8 * kilobyte],
  ['charsets', 8 * kilobyte],
  ['text', 64 * kilobyte],
  ['html', 256 * kilobyte],
  // The whole mail instead of its parts, where Inbound Parse is set to post it raw.
  ['email', 128 * kilobyte],
]);

/** Bytes of one post: the service takes mails of 30 MB, and adds little to them. */
const largest = 32 * kilobyte * kilobyte;
/** A mail's attachments are parts, and so is everything that is told of it. */
const maxParts = 1_000;
/** Posts that are being read or stored, or wait for that. What is kept of each is half a megabyte at most. */
const maxPosts = 50;

/** For the plugin that takes posts apart; every part is a stream of bytes, also those without a file's name. */
export const formOptions = {
  limits: { parts: maxParts, fileSize: largest },
  isPartAFile: () => true,
};

/** A post that cannot be taken apart: 400. */
class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
  readonly statusCode = 400;
}

/** The bytes of a post's fields, by their names. */
export type Form = ReadonlyMap<string, Buffer>;

/**
 * The posts of Inbound Parse, which are as large as what people attach to a mail: they are read as they come, what
 * is not needed is forgotten at once, and there is a bound on how many are held.
 */
export class Forms {
  #posts = 0;

  /**
   * Reads a post, which counts until `work` is done with it, whether or not its sender waits.
   * @throws BusyError beyond the bound, or an error with its status for a post that is too large, cut off or no form
   */
  async take<T>(
    request: FastifyRequest,
    reply: FastifyReply,
    work: (form: Form) => Promise<T>,
  ): Promise<T> {
    if (Number(request.raw.headers['content-length']) > largest)
      throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
    if (!request.isMultipart())
      throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type'] ?? '');
    if (this.#posts >= maxPosts)
      throw new BusyError('a mail was sent away: too much waits to be stored');
    this.#posts += 1;
    try {
      return await work(await read(request, reply));
    } finally {
      this.#posts -= 1;
      // Whoever is refused sends all of it before looking at the answer.
      request.raw.resume();
    }
  }
}

async function read(request: FastifyRequest, reply: FastifyReply): Promise<Form> {
  // However a form is broken, nobody waits for its end when the sender is gone or was answered.
  const over = new Promise<never>((_resolve, reject) => {
    reply.raw.once('close', () => reject(new UnreadableError('the post was cut off')));
  });
  try {
    return await Promise.race([readParts(request), over]);
  } catch (error) {
    if (error instanceof Error && 'statusCode' in error) throw error;
    throw new UnreadableError('the post is no form');
  }
}

async function readParts(request: FastifyRequest): Promise<Form> {
  const form = new Map<string, Buffer>();
  let size = 0;
  for await (const part of request.parts()) {
    if (part.type !== 'file') continue;
    const room = form.has(part.fieldname) ? 0 : (kept.get(part.fieldname) ?? 0);
    const chunks: Buffer[] = [];
    let held = 0;
    for await (const chunk of part.file as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > largest) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
      if (held >= room) continue;
      chunks.push(chunk.subarray(0, room - held));
      held += chunk.length;
    }
    if (room > 0) form.set(part.fieldname, Buffer.concat(chunks));
  }
  return form;
}
