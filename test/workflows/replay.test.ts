import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowBundle } from '../../engine/bundle.ts';
import * as workflows from '../../workflows/index.ts';

const folder = 'test/histories';
const files = readdirSync(folder).filter(name => name.endsWith('.json'));

let bundle: Awaited<ReturnType<typeof workflowBundle>>;
beforeAll(async () => {
  bundle = await workflowBundle();
});

interface Recorded {
  events: { workflowExecutionStartedEventAttributes?: { workflowType?: { name?: string } } }[];
}
const recorded = (file: string) =>
  JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as Recorded;
const typeOf = ({ events }: Recorded) =>
  events[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name;

describe('the code of today', () => {
  it.each(files)('replays %s: a run like it goes on where it is', async file => {
    await expect(
      Worker.runReplayHistory({ workflowBundle: bundle }, recorded(file)),
    ).resolves.toBeUndefined();
  });

  it('is held against a history of every workflow there is', () => {
    const known = new Set(files.map(file => typeOf(recorded(file))));
    expect([...known].toSorted()).toEqual(Object.keys(workflows).toSorted());
  });

  it('would be found out: a history that the code does not lead to is refused', async () => {
    const history = recorded('nurture-finished.1.json');
    const withoutTimers = history.events.filter(event => !('timerStartedEventAttributes' in event));
    await expect(
      Worker.runReplayHistory({ workflowBundle: bundle }, { events: withoutTimers }),
    ).rejects.toThrow();
  });
});
