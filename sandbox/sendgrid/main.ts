import { environment } from '../../config.ts';
import { realClock } from '../../engine/clock.ts';
import { untilToldToStop } from '../../lifecycle.ts';
import { createSandbox } from './server.ts';

/** The sandbox's process; the supervisor says all of it. */
const env = environment();
const { server, webhook } = await createSandbox({
  apiKey: env.SENDGRID_API_KEY ?? '',
  outbox: env.SANDBOX_OUTBOX ?? '',
  webhookUrl: env.SANDBOX_WEBHOOK_URL ?? '',
  webhookPrivateKey: env.SANDBOX_PRIVATE_KEY ?? '',
  ...(env.SANDBOX_INBOUND_URL === undefined ? {} : { inboundUrl: env.SANDBOX_INBOUND_URL }),
  pagesUrl: env.LOCKSTEP_PUBLIC_URL ?? '',
  clock: realClock,
});
await server.listen({ host: '127.0.0.1', port: Number(env.SANDBOX_PORT) });
untilToldToStop(async () => {
  webhook.close();
  await server.close();
});
