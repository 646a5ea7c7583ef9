import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpProcess } from './http-process.ts';

/** A connection whose sender says what it likes, when it likes. */
export class Sender {
  readonly socket: Socket;
  said = '';
  isClosed = false;
  readonly closed: Promise<void>;

  constructor({ port }: Pick<HttpProcess, 'port'>) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', chunk => (this.said += String(chunk)));
    // Who is sent away while it talks is told so by its connection.
    this.socket.on('error', () => undefined);
    this.closed = new Promise(resolve =>
      this.socket.once('close', () => {
        this.isClosed = true;
        resolve();
      }),
    );
  }

  async opened(): Promise<this> {
    if (this.socket.connecting)
      await new Promise<void>(resolve => {
        this.socket.once('connect', resolve);
        this.socket.once('close', () => resolve());
      });
    return this;
  }

  say(text: string): this {
    this.socket.write(text);
    return this;
  }

  /** Goes on to say something until nobody listens. */
  async dribble(text: string): Promise<void> {
    while (!this.isClosed) {
      this.say(text);
      await Promise.race([sleep(500), this.closed]);
    }
  }
}

/** The head of a post that SendGrid signed, whose body is still to come. */
export function headOf(http: HttpProcess, body: string): string {
  const headers = {
    host: 'localhost',
    'content-length': String(body.length),
    ...http.headersFor(body),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `POST /webhooks/sendgrid HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
}
