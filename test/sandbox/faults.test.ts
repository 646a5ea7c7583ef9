import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DocumentError } from '../../domain/document/problem.ts';
import { answerOf, failureOf } from '../../mail/answer.ts';
import {
  faultNames,
  faultsOf,
  noFaults,
  readFaults,
  UnknownFaultError,
  type FaultName,
} from '../../sandbox/sendgrid/faults.ts';
import { aMail, outgoing, startSandbox, type TestSandbox } from './sandbox.ts';

let test: TestSandbox;
beforeAll(async () => {
  test = await startSandbox();
});
afterEach(async () => {
  test.sandbox.faults = {};
  await test.told();
});
afterAll(() => test.stop());

/** What Lockstep makes of the answer to one call, and how many mails left by it. */
async function answered() {
  const before = test.sandbox.outbox.count;
  const answer = await test.gateway.send(outgoing);
  return { answer, left: test.sandbox.outbox.count - before };
}

describe('a call', () => {
  it('beyond the limit is answered with the moment from which to try again, and leaves nothing', async () => {
    test.sandbox.faults = { limits: 1, limitSeconds: 30 };
    const from = test.clock.now();
    const { answer, left } = await answered();
    expect([answer.kind, left]).toEqual(['wait', 0]);
    const until = answer.kind === 'wait' ? (answer.until ?? 0) : 0;
    expect(until - from).toBeGreaterThan(29_000);
    expect(until - from).toBeLessThan(33_000);
    await expect(test.service.send(aMail)).rejects.toMatchObject({
      code: 429,
      response: {
        headers: { 'x-ratelimit-remaining': '0' },
        body: { errors: [{ message: 'too many requests', field: null }] },
      },
    });
  });

  it.each<[FaultName, number]>([
    ['errors', 0],
    ['lateErrors', 1],
  ])('that meets %s is answered 5xx, and leaves %i mails', async (name, count) => {
    test.sandbox.faults = { [name]: 1 };
    const { answer, left } = await answered();
    expect(answer).toEqual({
      kind: 'unknown',
      reason: expect.stringMatching(/^status 50[03]$/) as string,
    });
    expect(left).toBe(count);
    await expect(test.service.send(aMail)).rejects.toMatchObject({
      response: { body: { errors: [{ field: null, help: null }] } },
    });
  });

  it.each<[FaultName, number]>([
    ['resets', 0],
    ['lateResets', 1],
  ])('that meets %s is cut off, and leaves %i mails', async (name, count) => {
    test.sandbox.faults = { [name]: 1 };
    expect(await answered()).toEqual({
      answer: { kind: 'unknown', reason: 'ECONNRESET' },
      left: count,
    });
    await expect.poll(() => test.sandbox.calls.size).toBe(0);
  });

  it('that is answered too late has left its mail', async () => {
    test.sandbox.faults = { timeouts: 1, holdMs: 60_000 };
    const before = test.sandbox.outbox.count;
    test.service.setTimeout(150);
    const error: unknown = await test.service.send(aMail).catch((reason: unknown) => reason);
    test.service.setTimeout(0);
    expect(failureOf(error)).toEqual({ kind: 'unknown', reason: 'ECONNABORTED' });
    expect(test.sandbox.outbox.count).toBe(before + 1);
    // Whoever has hung up is not waited for.
    await expect.poll(() => test.sandbox.calls.size).toBe(0);
  });

  it('that is held for less is answered as ever', async () => {
    test.sandbox.faults = { timeouts: 1, holdMs: 50 };
    expect((await answered()).answer.kind).toBe('accepted');
  });

  it('that a proxy fails is answered with a page, whether or not the mail left', async () => {
    test.sandbox.faults = { proxy: 1, seed: 1 };
    const outcomes = [];
    for (let n = 0; n < 12; n++) outcomes.push(await answered());
    for (const { answer } of outcomes)
      expect(answer).toEqual({ kind: 'unknown', reason: 'status 502' });
    expect(new Set(outcomes.map(({ left }) => left))).toEqual(new Set([0, 1]));
    await expect(test.service.send(aMail)).rejects.toMatchObject({
      code: 502,
      response: { body: expect.stringContaining('<h1>502 Bad Gateway</h1>') as string },
    });
  });

  it('may be answered after its events', async () => {
    test.sandbox.faults = { early: 1 };
    const [response] = await test.service.send(aMail);
    expect(answerOf(response.statusCode, {}).kind).toBe('accepted');
    expect(test.receiver.events().map(({ event }) => event)).toEqual(['processed', 'delivered']);
    // An early event does not hold up the answer for ever.
    test.receiver.refuse(1_000);
    const began = Date.now();
    expect((await answered()).answer.kind).toBe('accepted');
    expect(Date.now() - began).toBeLessThan(5_000);
    test.receiver.refuse(0);
  });

  it('in sandbox mode leaves nothing and meets nothing', async () => {
    test.sandbox.faults = { errors: 1 };
    const before = test.sandbox.outbox.count;
    const mailSettings = { sandboxMode: { enable: true } };
    const [response] = await test.service.send({ ...aMail, mailSettings });
    expect([response.statusCode, test.sandbox.outbox.count]).toEqual([200, before]);
    expect(await test.told()).toEqual([]);
  });

  it('meets what another program meets under the same seed, in whichever order it calls', async () => {
    const other = await startSandbox();
    const names = Array.from({ length: 24 }, (_, n) => `a${n % 12}@example.com`);
    const met = async ({ sandbox, gateway }: TestSandbox, order: readonly string[]) => {
      sandbox.faults = { seed: 11, limits: 0.3, lateErrors: 0.2, proxy: 0.2, resets: 0.2 };
      const answers = new Map<string, string[]>();
      for (const to of order) {
        const answer = await gateway.send({ ...outgoing, to });
        const said = answer.kind === 'unknown' ? answer.reason : answer.kind;
        answers.set(to, [...(answers.get(to) ?? []), said]);
      }
      const left = [...sandbox.outbox.all()].map(({ to }) => to).filter(to => names.includes(to));
      return { answers: Object.fromEntries(answers), left: left.sort() };
    };
    try {
      const first = await met(test, names);
      expect(new Set(Object.values(first.answers).flat()).size).toBeGreaterThan(3);
      expect(await met(other, names.toReversed())).toEqual(first);
    } finally {
      await other.stop();
    }
  });

  it('is refused in the real form, and Lockstep knows what that means', async () => {
    const bad = await test.gateway.send({ ...outgoing, to: 'nobody' });
    expect(bad).toEqual({
      kind: 'refused',
      reason: 'status 400: personalizations.0.to.0.email',
      badAddress: true,
    });
    const response = await fetch(`${test.url}v3/mail/send`, {
      method: 'POST',
      headers: { authorization: 'Bearer SG.right', 'content-type': 'application/json' },
      body: '{"personalizations":',
    });
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ message: 'Bad Request', field: null, help: null }] },
    ]);
  });
});

describe('faults', () => {
  it('are read from a document, and a wrong word is told with its place and the nearest right one', () => {
    expect(readFaults('f.yaml', 'seed: 4\nduplicates: 0.5\n')).toEqual({
      ...noFaults,
      seed: 4,
      duplicates: 0.5,
    });
    const complaint = (text: string) => {
      try {
        readFaults('f.yaml', text);
      } catch (error) {
        if (error instanceof DocumentError) return error.message;
        throw error;
      }
      return '';
    };
    expect(complaint('seed: 4\nduplicats: 0.5\n')).toBe(
      'f.yaml:2:1: "duplicats" is not known here. Did you mean "duplicates"?',
    );
    expect(complaint('limits: 2')).toContain('f.yaml:1:1: "limits" is 2');
    expect(complaint('- limits')).toContain('the document');
  });

  it('are named in a list, each as often as is usual', () => {
    expect(faultsOf('duplicates, reordering')).toEqual({
      ...noFaults,
      duplicates: 0.3,
      reordering: 0.3,
    });
    const all = faultsOf('all');
    for (const name of faultNames) expect(all[name]).toBeGreaterThan(0);
    expect(faultsOf('')).toEqual(noFaults);
    expect(() => faultsOf('duplicates,reoredring')).toThrow(
      new UnknownFaultError('There is no fault "reoredring". Did you mean "reordering"?'),
    );
    expect(() => faultsOf('weather')).toThrow(/Known: duplicates, .*, all\.$/);
  });

  it('are set by a post, and a wrong one changes nothing', async () => {
    const post = (body: unknown) =>
      fetch(`${test.url}sandbox/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect(await (await post({ duplicates: 1, seed: 9 })).json()).toEqual({
      ...noFaults,
      duplicates: 1,
      seed: 9,
    });
    const refused = await post({ duplicate: 1 });
    expect([refused.status, await refused.json()]).toEqual([
      400,
      { error: expect.stringContaining('Did you mean "duplicates"?') as string },
    ]);
    expect(test.sandbox.faults.duplicates).toBe(1);
  });

  it('are there from the beginning when a sandbox is made with them', async () => {
    const other = await startSandbox({ faults: { limits: 1 } });
    try {
      expect((await other.gateway.send(outgoing)).kind).toBe('wait');
    } finally {
      await other.stop();
    }
  });
});
