/** Processes of Lockstep that act on others, and what each does to them. */
export const effects = {
  worker: [
    'claim a send',
    'call the provider',
    'settle a send',
    'apply turns',
    'commit a transaction',
    'start a nurture',
    'start an escalation',
    'look for what fell between',
  ],
  http: ['store events', 'commit a transaction', 'nudge'],
  importer: ['commit a transaction', 'start an import'],
} as const;

export type Actor = keyof typeof effects;
export type Effect = (typeof effects)[Actor][number];

/** Before an effect, after it has begun and before it is known to be done, and after it is done. */
export const phases = ['before', 'during', 'after'] as const;

/** A moment at which a process can be held: between two effects, or in one. */
export interface Edge {
  effect: Effect;
  phase: (typeof phases)[number];
}

/** What a process may be told: to hold the next one that comes to an edge, or to let go of what it holds. */
export type Order = { hold: Edge } | { go: true };

/** What it says when somebody is held there. */
export type Said = { held: Edge };
