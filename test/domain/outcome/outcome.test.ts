import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCells } from '../../../domain/document/columns.ts';
import { instant } from '../../../domain/instant.ts';
import { readOutcomeHeadings } from '../../../domain/outcome/headings.ts';
import { readOutcome, type ReadOutcome } from '../../../domain/outcome/outcome.ts';
import { currencies } from '../../../intake/currencies.ts';

const now = instant(Date.parse('2026-03-02T08:00:00Z'));
const reading = { now, currency: null, currencies, dates: 'month' } as const;

function read(header: string[], cells: string[], more: object = {}): ReadOutcome {
  const header_ = readOutcomeHeadings(header, []);
  if ('problems' in header_) throw new Error(header_.problems.join());
  const values = readCells(cells, header_.columns);
  return values instanceof Map ? readOutcome(values, { ...reading, ...more }) : values;
}
const said = (outcome: string) =>
  read(['Email', 'Outcome', 'Date'], ['ada@x.example', outcome, '2026-02-01']);

describe('an outcome', () => {
  it('of a Pipedrive export of deals is understood', () => {
    const header = [
      'Deal - ID',
      'Deal - Title',
      'Deal - Stage',
      'Deal - Status',
      'Deal - Value',
      'Deal - Currency of Value',
      'Deal - Won time',
      'Deal - Lost time',
      'Deal - Lost reason',
      'Person - Email - Work',
      'Person - Email - Home',
    ];
    const won = [
      '7',
      'Pumps',
      'Negotiation',
      'Won',
      '12000.5',
      'EUR',
      '2026-02-03 10:00:00',
      '',
      '',
      '',
      'Ada@x.example',
    ];
    expect(read(header, won)).toEqual({
      row: {
        address: 'ada@x.example',
        kind: 'won',
        at: Date.parse('2026-02-03T10:00:00Z'),
        reason: null,
        money: { minor: 1_200_050, currency: 'EUR' },
        id: '7',
      },
      notes: [],
    });
    const lost = [
      '8',
      'Pumps',
      'Negotiation',
      'Lost',
      '9',
      'EUR',
      '',
      '2026-02-04',
      'price',
      'a@x.example',
      '',
    ];
    expect(read(header, lost)).toMatchObject({
      row: { kind: 'lost', reason: 'price', money: null },
    });
    const open = ['9', 'Pumps', 'Negotiation', 'Open', '9', 'EUR', '', '', '', 'a@x.example', ''];
    expect(read(header, open)).toEqual({ passedOver: true });
  });

  it('of a Salesforce report of opportunities is understood', () => {
    const header = ['Opportunity ID', 'Stage', 'Close Date', 'Amount', 'Email'];
    const cells = ['006A', 'Closed Won', '2/14/2026', '"1,200"', 'ada@x.example'].map(cell =>
      cell.replaceAll('"', ''),
    );
    expect(read(header, cells, { currency: 'USD' })).toMatchObject({
      row: {
        kind: 'won',
        at: Date.parse('2026-02-14'),
        money: { minor: 120_000, currency: 'USD' },
      },
    });
    expect(read(header, cells)).toEqual({
      reason: 'the amount "1,200" is in no currency; say which, such as EUR',
    });
  });

  it.each([
    ['Closed Won', 'won'],
    ['CLOSED-LOST', 'lost'],
    ['Converted', 'qualified'],
    ['Closed - Converted', 'qualified'],
    ['Qualified', 'qualified'],
    ['Disqualified', 'rejected'],
    ['Unqualified', 'rejected'],
    ['Closed - Not Converted', 'rejected'],
    ['SAL', 'accepted'],
    ['gewonnen', 'won'],
  ])('"%s" is %s', (word, kind) => {
    expect(said(word)).toMatchObject({ row: { kind } });
  });

  it.each([
    [said('Closde Won'), '"Closde Won" is no outcome.'],
    [said('wonn'), 'Did you mean "won"?'],
    [said(''), 'says no outcome'],
    [read(['Email', 'Outcome', 'Date'], ['ada', 'won', '2026-02-01']), 'the address has no @'],
    [read(['Email', 'Outcome', 'Date'], ['a@x.example', 'won', '']), 'says no date'],
    [
      read(['Email', 'Outcome', 'Date'], ['a@x.example', 'won', 'soon']),
      '"soon" was not understood',
    ],
    [
      read(['Email', 'Outcome', 'Date'], ['a@x.example', 'won', '2026-03-03']),
      'lies in the future',
    ],
    [read(['Email', 'Outcome', 'Date'], ['a@x.example', 'won', '31/12/2025']), 'not understood'],
    [
      read(
        ['Email', 'Outcome', 'Date', 'Amount', 'Currency'],
        ['a@x.example', 'won', '2026-02-01', '-5', 'EUR'],
      ),
      'the amount "-5" was not understood',
    ],
    [
      read(
        ['Email', 'Outcome', 'Date', 'Amount', 'Currency'],
        ['a@x.example', 'won', '2026-02-01', '5', 'EURO'],
      ),
      '"EURO" is no currency',
    ],
  ])('that cannot be used says why: %j', (result, why) => {
    expect('reason' in result && result.reason).toContain(why);
  });

  it('with days first is read so when it is told', () => {
    const cells = ['a@x.example', 'won', '31/12/2025'];
    expect(read(['Email', 'Outcome', 'Date'], cells, { dates: 'day' })).toMatchObject({
      row: { at: Date.parse('2025-12-31') },
    });
  });

  it('never fails, whatever stands in its cells', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 6, maxLength: 6 }),
        cells => {
          const header = ['Email', 'Outcome', 'Date', 'Amount', 'Currency', 'Id'];
          expect(() => read(header, cells)).not.toThrow();
          expect(() =>
            read(header, ['a@x.example', 'won', '2026-01-01', ...cells.slice(3)]),
          ).not.toThrow();
        },
      ),
    );
  });
});
