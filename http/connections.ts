import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Open at once: of the 1,024 files that a process may have open by default, some are left to the services. */
export const maxConnections = 900;

/** Requests that may be sent ahead of their answers on one connection; browsers and proxies send none. */
export const maxAhead = 10;

/** How long a request may take to arrive, from its first byte to the last of its body, in milliseconds. */
const arrivalMs = 10_000;

/** How long nothing may move on a connection that is in use, in milliseconds: an answer that nobody reads is not kept. */
const stillMs = 30_000;

/** An idle connection is kept for longer than proxies keep theirs (60 s), so that none posts into one that closes. */
const idleMs = 72_000;

/**
 * The connections of the HTTP server. When there are too many, of those that are owed no answer the one that has
 * been so for longest makes room for the next; and when the server stops, they go, and no others.
 */
export class Connections {
  /** Each with what is being answered on it, in order; who has been as it is for longest comes first. */
  readonly #open = new Map<Socket, ServerResponse[]>();
  #stopping = false;

  /** A server whose connections are these, not yet listening. */
  serve(listener: RequestListener): Server {
    const server = createServer(
      {
        requestTimeout: arrivalMs,
        headersTimeout: arrivalMs,
        // Every half a minute by default, which would let the slow ones stay for four times as long.
        connectionsCheckingInterval: 1_000,
        keepAliveTimeout: idleMs,
      },
      (request, response) => {
        if (this.#begin(response)) listener(request, response);
      },
    );
    server.timeout = stillMs;
    // A server that closes takes an answer that is still being sent for an idle connection, and cuts it off.
    server.closeIdleConnections = () => undefined;
    server.on('connection', socket => this.#admit(socket));
    return server;
  }

  /**
   * Closes what is idle, and everything else once it is answered. To be called just before the server closes,
   * which by itself waits for whoever has not said anything yet, and keeps who is answered for as long as
   * if it went on.
   */
  stop(): void {
    this.#stopping = true;
    for (const [socket, answers] of this.#open) {
      const last = answers.at(-1);
      if (last === undefined) socket.destroy();
      else if (!last.headersSent) last.setHeader('connection', 'close');
    }
    // A server that closes does not look any more for requests that do not arrive, and never looks for answers
    // that are not read.
    setTimeout(() => {
      for (const [socket, answers] of this.#open) if (!answers.some(isOwed)) socket.destroy();
    }, arrivalMs).unref();
  }

  #admit(socket: Socket): void {
    if (this.#open.size >= maxConnections && !this.#makeRoom()) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, []);
    socket.once('close', () => this.#open.delete(socket));
  }

  #makeRoom(): boolean {
    for (const [socket, answers] of this.#open) {
      if (answers.some(isOwed)) continue;
      this.#open.delete(socket);
      socket.destroy();
      return true;
    }
    return false;
  }

  /** Whether a request is to be answered. */
  #begin(response: ServerResponse): boolean {
    const { socket } = response.req;
    const answers = this.#open.get(socket);
    if (answers === undefined || answers.length >= maxAhead) {
      socket.destroy();
      return false;
    }
    answers.push(response);
    this.#renew(socket, answers);
    response.once('close', () => {
      answers.splice(answers.indexOf(response), 1);
      if (answers.length > 0) return;
      if (this.#stopping) socket.destroy();
      else this.#renew(socket, answers);
    });
    return true;
  }

  #renew(socket: Socket, answers: ServerResponse[]): void {
    if (this.#open.delete(socket)) this.#open.set(socket, answers);
  }
}

/** Whether a request has arrived whole and its answer is not made yet. */
function isOwed(response: ServerResponse): boolean {
  return response.req.complete && !response.writableEnded;
}
