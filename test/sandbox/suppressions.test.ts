import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minute, plus } from '../../domain/instant.ts';
import { Dropped } from '../../sandbox/sendgrid/dropped.ts';
import type { Reader } from '../../sandbox/sendgrid/reader.ts';
import type { StoredMail } from '../../sandbox/sendgrid/outbox.ts';
import type { Report } from '../../sandbox/sendgrid/report.ts';
import { Suppressions } from '../../sandbox/sendgrid/suppressions.ts';
import { outgoing, startSandbox, type TestSandbox } from './sandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startSandbox();
});
beforeEach(async () => {
  test.clock.at = plus(test.clock.at, minute);
  await test.told();
});
afterAll(() => test.stop());

let addresses = 0;
async function aReader(): Promise<{ to: string; mail: StoredMail }> {
  addresses += 1;
  const to = `reader${addresses}@example.com`;
  const mail = await test.mail({ to });
  if (mail === null) throw new Error('It was dropped.');
  return { to, mail };
}
const report = async () => (await test.report()) as Report;

describe('an address that the service suppressed', () => {
  it.each<[string, (reader: Reader, mail: StoredMail) => void, string]>([
    ['bounced', (reader, mail) => reader.bounce(mail), 'Bounced Address'],
    ['complained', (reader, mail) => reader.complain(mail), 'Spam Reporting Address'],
    ['left', (reader, mail) => reader.unsubscribe(mail), 'Unsubscribed Address'],
  ])('since it %s is sent nothing, and its mails are dropped', async (_what, play, reason) => {
    const { to, mail } = await aReader();
    play(test.sandbox.reader, mail);
    await test.told();
    const before = await report();
    // Accepted, as far as anybody can tell from the answer.
    const other = { ...outgoing, to: to.toUpperCase().replace('EXAMPLE.COM', 'example.com') };
    const answer = await test.gateway.send(other);
    expect(answer).toMatchObject({ kind: 'accepted' });
    const id = answer.kind === 'accepted' ? answer.providerId : null;
    const told = await test.told();
    expect(told).toMatchObject([{ event: 'dropped', reason, send_id: 'send-1', step: 'first' }]);
    expect(told[0]?.sg_message_id.split('.')[0]).toBe(id);
    expect(test.sandbox.outbox.read(id ?? '')).toBeNull();
    const after = await report();
    expect(after).toMatchObject({ accepted: before.accepted, dropped: before.dropped + 1 });
    expect(after.droppedSteps).toContainEqual({
      enrollment: 'enrollment-1',
      step: 'first',
      to: other.to,
      reason,
      times: 1,
    });
    expect(after.toSuppressed).toEqual([]);
    expect(await (await fetch(test.url)).text()).toMatch(/mails? (is|are) not here/);
  });

  it('cannot exist, and is on a list from its first mail on', async () => {
    await test.mail({ to: 'nobody@nowhere.invalid' });
    await test.mail({ to: 'nobody@nowhere.invalid' });
    const reasons = (await test.told()).map(({ event, reason }) => [event, reason]);
    expect(reasons).toEqual([
      ['dropped', 'Invalid'],
      ['dropped', 'Invalid'],
    ]);
    expect(test.sandbox.suppressions.on('invalid_emails')).toHaveLength(1);
  });

  it('is sent what is of no group that it left', async () => {
    const { to, mail } = await aReader();
    const grouped = { to, asm: { groupId: 7 } };
    test.sandbox.reader.groupUnsubscribe({ ...mail, group: 7 });
    expect(await test.mail(grouped)).toBeNull();
    expect(await test.mail({ to, asm: { groupId: 8 } })).not.toBeNull();
    expect(await test.mail({ to })).not.toBeNull();
    test.sandbox.reader.groupResubscribe({ ...mail, group: 7 });
    expect(await test.mail(grouped)).not.toBeNull();
  });

  it('is not suppressed by a block', async () => {
    const { to, mail } = await aReader();
    test.sandbox.reader.block(mail);
    expect(await test.mail({ to })).not.toBeNull();
  });

  it('would be told apart if it were mailed all the same', async () => {
    const { to, mail } = await aReader();
    test.sandbox.reader.bounce(mail);
    test.sandbox.outbox.add({ ...mail, id: 'past', at: test.clock.at + 1 });
    expect((await report()).toSuppressed).toEqual([
      { enrollment: 'enrollment-1', step: 'first', to, times: 1 },
    ]);
  });
});

describe('the lists', () => {
  it('are read and mended by the official client', async () => {
    const { to, mail } = await aReader();
    test.sandbox.reader.bounce(mail);
    const [{ body }] = await test.client.request({ url: '/v3/suppression/bounces' });
    expect(body).toContainEqual({
      created: Math.floor(test.clock.at / 1_000),
      email: to,
      reason: expect.stringMatching(/^550/) as string,
      status: '5.1.1',
    });
    const url = `/v3/suppression/bounces/${encodeURIComponent(to)}`;
    const [response] = await test.client.request({ method: 'DELETE', url });
    expect(response.statusCode).toBe(204);
    expect(await test.mail({ to })).not.toBeNull();
    await expect(test.client.request({ method: 'DELETE', url })).rejects.toMatchObject({
      code: 404,
      response: { body: { errors: [{ field: null }] } },
    });
  });

  it('survive a kill, also in the middle of a line', async () => {
    const { to, mail } = await aReader();
    test.sandbox.reader.complain(mail);
    test.sandbox.reader.complain(mail);
    const { to: back, mail: other } = await aReader();
    test.sandbox.reader.bounce(other);
    test.sandbox.suppressions.remove('bounces', back);
    await test.mail({ to });
    const file = join(test.folder, 'suppressions.jsonl');
    const lines = () => readFileSync(file, 'utf8').trim().split('\n');
    expect(lines().filter(line => line.includes(`"address":"${to}","isOn"`))).toHaveLength(1);
    appendFileSync(file, '{"list":"bounc');
    appendFileSync(join(test.folder, 'dropped.jsonl'), '{"id":');
    const again = new Suppressions(file);
    expect(again.reasonFor(to)).toBe('Spam Reporting Address');
    expect(again.since(to)).toBe(test.clock.at);
    expect(again.reasonFor(back)).toBeNull();
    expect(again.on('bounces')).toEqual(test.sandbox.suppressions.on('bounces'));
    const dropped = new Dropped(join(test.folder, 'dropped.jsonl'));
    expect(dropped.all()).toEqual(test.sandbox.dropped.all());
  });
});
