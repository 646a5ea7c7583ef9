import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LeadId } from '../../domain/ids.ts';
import type { Segmented } from '../../domain/nurture/survey.ts';
import { startApp, type App } from '../app.ts';
import { aNurturedLead } from '../nurtured.ts';
import { aLead, bestFit, does, enrollmentOf } from '../program.ts';
import { runIn } from './run.ts';

let app: App;
let folder: string;
let maker: LeadId;
beforeAll(async () => {
  app = await startApp('now');
  folder = await mkdtemp(join(tmpdir(), 'lockstep-segments-'));
  maker = await aNurturedLead(app);
  await aNurturedLead(app, { ...bestFit, industry: 'Banking' });
  await aNurturedLead(app, { industry: 'banking', employees: 70 });
  await aNurturedLead(app, { industry: 'retail' });
  // Not counted: with sales, never mailed, not graded.
  const sold = await aNurturedLead(app);
  await does(app, sold, { kind: 'form', subject: 'Book a demo' });
  await aNurturedLead(app, { title: 'Student' });
  await aLead(app);
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await app.stop();
});

const nurture = '    nurture: { C: c-nurture, D: stay-in-touch }';
const draft = `
segments:
  - name: banks
    when: { industry: banking }
    move: yes
${nurture}
  - name: looked at the price
    when: { engaged: { event: pricing page, within: 30d }, source: test }
    move: yes
${nurture.replace('c-nurture', 'd-long-cycle')}
  - name: small ones
    when: { employees: "< 100" }
${nurture}
  - name: all the others
${nurture}
`;

const show = (...words: string[]) => runIn(app, 'segments', 'show', ...words);

async function aDraft(text: string): Promise<string> {
  const file = join(folder, 'draft.yaml');
  await writeFile(file, text);
  return file;
}

async function shown(...words: string[]): Promise<Segmented> {
  const { code, out, error } = await show('--json', ...words);
  expect([code, error]).toEqual([0, '']);
  return JSON.parse(out) as Segmented;
}

describe('lockstep segments show', () => {
  it('says how many leads are in each segment, and what those have in common whom none is for', async () => {
    const { leads, segments, overlaps, onlyLast, elsewhere } = await shown();
    expect(leads).toEqual({ total: 7, segmented: 4, sales: 1, neverMailed: 1, notGraded: 1 });
    const [c, d] = ['c-nurture', 'd-long-cycle'];
    expect(segments).toEqual([
      {
        ...{ name: 'makers and movers', move: false },
        C: { sequence: c, leads: 1, nurtured: 1 },
        D: { sequence: d, leads: 0, nurtured: 0 },
      },
      {
        ...{ name: 'everyone else', move: false },
        C: { sequence: c, leads: 1, nurtured: 1 },
        D: { sequence: d, leads: 2, nurtured: 2 },
      },
    ]);
    expect([overlaps, elsewhere]).toEqual([[], []]);
    expect(onlyLast).toMatchObject({ segment: 'everyone else', leads: 3 });
    expect(onlyLast.fields).toMatchObject({
      industry: {
        blank: 0,
        commonest: [
          { value: 'Banking', count: 2 },
          { value: 'retail', count: 1 },
        ],
        isExact: true,
      },
      employees: { blank: 1, commonest: [{ count: 1 }, { count: 1 }] },
      source: { blank: 0, commonest: [{ value: 'test', count: 3 }] },
    });
  });

  it('tries a draft: where its segments overlap, and whom it would move', async () => {
    await does(app, maker, { kind: 'page', subject: '/pricing' });
    const { segments, overlaps, onlyLast, elsewhere } = await shown('--file', await aDraft(draft));
    expect(segments.map(({ name, C, D }) => [name, C.leads, D.leads])).toEqual([
      ['banks', 1, 1],
      ['looked at the price', 1, 0],
      ['small ones', 0, 0],
      ['all the others', 0, 1],
    ]);
    expect(overlaps).toEqual([{ segment: 'banks', also: 'small ones', leads: 1 }]);
    expect(onlyLast.leads).toBe(1);
    const [by, price] = ['makers and movers', 'looked at the price'];
    expect(elsewhere).toEqual([
      // The C lead is in that sequence already.
      { enrolledAs: 'everyone else', fits: 'banks', leads: 2, moving: 1 },
      { enrolledAs: by, fits: price, leads: 1, moving: 1 },
      { enrolledAs: 'everyone else', fits: 'all the others', leads: 1, moving: 0 },
    ]);
    // To try it has changed nothing.
    expect(await enrollmentOf(app, maker)).toMatchObject({ segment: by, endReason: null });
  });

  it('fits a terminal of 80 columns, whatever the names', async () => {
    const long = 'a very long name of a segment, as long as names may ever be';
    const text = draft.replace('banks', long).replace('all the others', `${long}.`);
    const { code, out } = await show('--file', await aDraft(text));
    expect(code).toBe(0);
    expect(Math.max(...out.split('\n').map(line => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain('4 leads are in a segment, 4 of them in a sequence now.');
    expect(out).toContain('Not counted: 1 with sales, 1 never mailed, 1 not graded yet.');
    expect(out).toMatch(/everyone else +a very long .+… +2 +1 move/);
  });

  it('refuses a draft at its line, and a file that is not there', async () => {
    const hidden = draft.replace(
      'small ones\n    when: { employees',
      'more banks\n    when: { industry: banking, employees',
    );
    const file = await aDraft(hidden.replace('pricing page', 'pricing pge'));
    const { code, out, error } = await show('--file', file);
    expect([code, out]).toEqual([1, '']);
    expect(error).toMatch(
      /draft\.yaml:8:24: "pricing pge" is no event.* Did you mean "pricing page"\?/,
    );
    expect(error).toMatch(/draft\.yaml:12:5: "banks" takes every lead that "more banks" would/);
    expect(error).not.toContain('    at ');
    const gone = await show('--file', join(folder, 'no.yaml'));
    expect([gone.code, gone.error]).toEqual([
      1,
      expect.stringContaining('cannot be read (ENOENT)'),
    ]);
  });
});
