import { errorCodes } from 'fastify';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';

/** A request that may succeed when it is made again a little later: 503. The message is for the log. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  readonly statusCode = 503;
}

const tooMany = () => new BusyError('a post was sent away: too much waits to be stored');

interface Limits {
  /** Bytes of one body. */
  largest: number;
  /** Bytes of all bodies that are being read or stored. */
  bytes: number;
  /** Posts that are being stored, or wait for that. */
  posts: number;
}

/**
 * The posts of one sender's: what is being read and what waits to be stored has a bound, and whoever comes
 * beyond it is told at once to come again. So a database that stands still costs no more memory than that,
 * and posts never take all connections from pages.
 */
export class Bodies {
  readonly #limits: Limits;
  #bytes = 0;
  #posts = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /**
   * Reads a post's body, which counts until `work` is done with it, whether or not its sender waits.
   * @throws BusyError beyond the bound, or Fastify's error for a body that is too large or cut off
   */
  async take<T>({ raw }: FastifyRequest, work: (body: Buffer) => Promise<T>): Promise<T> {
    const { largest, bytes, posts } = this.#limits;
    if (Number(raw.headers['content-length']) > largest)
      throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
    if (this.#bytes >= bytes || this.#posts >= posts) throw tooMany();
    let held = 0;
    try {
      const body = await readBody(raw, size => {
        held += size;
        this.#bytes += size;
        if (held > largest) return new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
        return this.#bytes > bytes ? tooMany() : null;
      });
      if (this.#posts >= posts) throw tooMany();
      this.#posts += 1;
      try {
        return await work(body);
      } finally {
        this.#posts -= 1;
      }
    } finally {
      this.#bytes -= held;
    }
  }
}

/**
 * What is left of a body that is refused is read and thrown away, so that its sender, who may send all of it
 * before looking, sees the answer.
 * @param onChunk told the size of each part as it comes; an error that it returns ends the reading
 */
function readBody(raw: IncomingMessage, onChunk: (size: number) => Error | null): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] | null = [];
    // The sender is gone, or its time is over; the answer is for nobody.
    const cutOff = () => reject(new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH());
    if (raw.destroyed) return cutOff();
    raw
      .on('data', (chunk: Buffer) => {
        if (chunks === null) return;
        chunks.push(chunk);
        const refusal = onChunk(chunk.length);
        if (refusal === null) return;
        chunks = null;
        reject(refusal);
      })
      .on('end', () => {
        if (chunks !== null) resolve(Buffer.concat(chunks));
      })
      .on('error', cutOff);
  });
}
