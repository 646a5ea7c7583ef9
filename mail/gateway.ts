import http from 'node:http';
import https from 'node:https';
import { Client } from '@sendgrid/client';
import type { ClientRequest } from '@sendgrid/client/src/request.js';
import { MailService, type MailDataRequired } from '@sendgrid/mail';
import { answerOf, failureOf, type Answer } from './answer.ts';

/** HTTP's limit, in milliseconds: well within what an activity's attempt may take. */
const httpTimeoutMs = 10_000;

/**
 * An idle connection is closed after this long, in milliseconds: well before the other side closes it. A mail
 * that is sent just as that happens is reset, and nobody can tell whether it arrived.
 */
const idleConnectionMs = 2_000;

/** A mail as it leaves: to one person, whole. */
export interface OutgoingMail {
  to: string;
  from: { name: string; address: string };
  replyTo?: string;
  subject: string;
  html: string;
  text: string;
  /** Mail headers, such as List-Unsubscribe. */
  headers: Record<string, string>;
  /** Come back with every event; strings only, and nothing personal. */
  customArgs: Record<string, string>;
  categories: string[];
  /** Whether links are rewritten to be counted. */
  countClicks: boolean;
}

/** Sends mails through SendGrid's API, or whatever speaks it at another address. */
export class MailGateway {
  readonly #service = new MailService();

  /** @param baseUrl null for SendGrid itself */
  constructor(apiKey: string, baseUrl: string | null) {
    const client = new Client();
    client.setApiKey(apiKey);
    // Setting the key sets the address back, so the address comes after it.
    if (baseUrl !== null) client.setDefaultRequest('baseUrl', baseUrl);
    // Handed on to axios as they are, which the client's types do not know.
    const agent = { keepAlive: true, maxSockets: 64, timeout: idleConnectionMs };
    const connections: object = {
      httpAgent: new http.Agent(agent),
      httpsAgent: new https.Agent(agent),
      timeout: httpTimeoutMs,
    };
    client.setDefaultRequest(connections as ClientRequest);
    this.#service.setClient(client);
  }

  /** Sends one mail, once. Never throws for what the other side did: that is the answer. */
  async send(mail: OutgoingMail): Promise<Answer> {
    const data: MailDataRequired = {
      to: mail.to,
      from: { name: mail.from.name, email: mail.from.address },
      ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo }),
      subject: mail.subject,
      content: [
        { type: 'text/plain', value: mail.text },
        { type: 'text/html', value: mail.html },
      ],
      headers: mail.headers,
      customArgs: mail.customArgs,
      categories: mail.categories,
      trackingSettings: {
        clickTracking: { enable: mail.countClicks, enableText: false },
        openTracking: { enable: mail.countClicks },
      },
    };
    try {
      const [response] = await this.#service.send(data);
      return answerOf(response.statusCode, response.headers as Record<string, string | undefined>);
    } catch (error) {
      return failureOf(error);
    }
  }
}
