import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttp, type HttpProcess } from './http-process.ts';

let http: HttpProcess;
beforeAll(async () => {
  http = await startHttp();
});
afterAll(() => http.end());

/** Posts to the process; null when it ended before it answered. */
async function post(path: string, body: unknown): Promise<number | null> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${http.apiKey}` };
  return fetch(`${http.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) }).then(
    async answer => {
      await answer.text();
      return answer.status;
    },
    () => null,
  );
}

describe('P7: what was answered 2xx is committed', () => {
  it('of leads and outcomes too, whenever the process is killed; and nothing half', async () => {
    const leads = (n: number) =>
      Array.from({ length: 20 }, (_, k) => ({
        email: `p-${n}-${k}@killed-${n}.example`,
        source: 'killed',
        opted_out: k % 5 === 0,
      }));
    const outcomes = (n: number) =>
      leads(n).map(({ email }, k) => ({
        id: `${n}-${k}`,
        email,
        outcome: 'won',
        at: '2026-01-05',
      }));
    const kept = { leads: [] as number[], outcomes: [] as number[] };
    let posted = 0;
    const lanes = Array.from({ length: 12 }, async () => {
      for (;;) {
        const n = (posted += 1);
        if ((await post('/v1/leads', leads(n))) !== 200) return;
        kept.leads.push(n);
        if ((await post('/v1/outcomes', outcomes(n))) !== 200) return;
        kept.outcomes.push(n);
      }
    });
    await expect.poll(() => kept.outcomes.length).toBeGreaterThan(30);
    await http.kill();
    await Promise.all(lanes);
    for (const n of kept.leads) {
      const where = { address: { endsWith: `@killed-${n}.example` } };
      expect(await http.database.lead.count({ where })).toBe(20);
    }
    for (const n of kept.outcomes)
      expect(
        await http.database.outcome.count({ where: { externalId: { startsWith: `${n}-` } } }),
      ).toBe(20);
    // What was not answered is there whole or not at all.
    const [rows] = [await http.database.lead.groupBy({ by: ['accountId'], _count: true })];
    expect(rows.map(({ _count }) => _count)).toEqual(rows.map(() => 20));
    expect(await http.database.suppression.count()).toBe(rows.length * 4);
  });
});
