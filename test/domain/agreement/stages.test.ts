import { expect, it } from 'vitest';
import { stageName, stageOf } from '../../../domain/agreement/stages.ts';

it.each([
  [{ grade: null, account: null, sales: null }, 'subscriber'],
  [{ grade: 'D', account: null, sales: null }, 'lead'],
  [{ grade: 'B', account: null, sales: 'escalated' }, 'mql'],
  [{ grade: 'C', account: 'competitor', sales: 'accepted' }, 'sal'],
  [{ grade: 'B', account: null, sales: 'qualified' }, 'sql'],
  [{ grade: 'B', account: 'open opportunity', sales: 'accepted' }, 'opportunity'],
  [{ grade: 'A', account: null, sales: 'won' }, 'customer'],
  [{ grade: 'D', account: 'customer', sales: null }, 'customer'],
] as const)('%j has come as far as %s', (progress, stage) => {
  expect(stageOf(progress)).toBe(stage);
});

it('a stage is called what both teams call it, else what the field does', () => {
  expect(stageName('mql', { mql: 'Ready for sales' })).toBe('Ready for sales');
  expect(stageName('mql', { sal: 'Taken' })).toBe('Marketing qualified lead');
  expect(stageName('sql', undefined)).toBe('Sales qualified lead');
});
