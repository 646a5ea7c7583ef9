import type { Command } from 'commander';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run as runWith, runHere } from './run.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'lockstep-cli-'));
});
afterAll(() => rm(home, { recursive: true }));

/** Where nothing runs yet, as a person would. */
const run = (words: string, env: Record<string, string> = {}) =>
  runWith(words.split(' ').filter(Boolean), { LOCKSTEP_HOME: home, ...env });
/** The same in this process. */
const say = (words: string) => runHere(words.split(' ').filter(Boolean), { LOCKSTEP_HOME: home });

const commands = [
  'up',
  'rehearse',
  'doctor',
  'loop',
  'studio',
  'accounts import',
  'accounts show',
  'agreement activate',
  'agreement calibrate',
  'agreement diff',
  'agreement forecast',
  'agreement history',
  'agreement lint',
  'agreement propose',
  'agreement show',
  'agreement sign',
  'leads import',
  'leads merge',
  'leads show',
  'leads unmerge',
  'segments show',
  'events import',
  'outcomes import',
  'people away',
  'people back',
  'people import',
  'people list',
  'sequence lint',
  'sequence list',
  'sequence diff',
  'sequence history',
  'sequence rollback',
  'sequence comments',
  'sequence new',
  'sequence preview',
  'sequence publish',
  'sequence results',
  'sequence send-test',
  'sequence simulate',
  'sequence winner',
  'ops status',
  'ops pause',
  'ops resume',
  'ops stop',
  'ops reassign',
  'ops extend',
  'ops close',
  'ops hooks',
  'ops tasks',
];

/** Commands that share a file. */
const verbs: Readonly<Record<string, string>> = {
  ...{ 'ops pause': 'ops-verb', 'ops resume': 'ops-verb', 'ops stop': 'ops-verb' },
  'ops reassign': 'ops-escalation',
  'ops extend': 'ops-escalation',
  'ops close': 'ops-escalation',
};

/** What a command says of itself. */
async function helpOf(name: string): Promise<string> {
  const [, verb = ''] = name.split(' ');
  const file = verbs[name] ?? name.replace(' ', '-');
  const loaded = (await import(`../../cli/commands/${file}.ts`)) as {
    command: (verb: string) => Command;
  };
  let text = '';
  const command = loaded.command(verb).configureOutput({ writeOut: part => void (text += part) });
  command.outputHelp();
  return text;
}

describe('lockstep', () => {
  it('helps with every command, by an example and with JSON for machines', async () => {
    const listed = new Set<string>();
    for (const group of [
      ...[
        '',
        'accounts',
        'agreement',
        'leads',
        'events',
        'outcomes',
        'people',
        'segments',
        'sequence',
        'ops',
      ],
    ]) {
      const { code, out } = await say(`${group} --help`);
      expect(code).toBe(0);
      for (const [, name] of out.matchAll(/^ {2}([a-z-]+) (?:\[options\]|<)/gm))
        listed.add(`${group} ${name ?? ''}`.trim());
    }
    expect([...listed].toSorted()).toEqual(commands.toSorted());
    for (const command of commands) {
      const help = await helpOf(command);
      expect(help, command).toMatch(/Examples?:\n {2}\$ (npx lockstep|npm start)/);
      expect(help, command).toContain('--json');
    }
  }, 120_000);

  it.each([
    ['leeds', '(Did you mean leads?)'],
    ['leads imprt x.csv', '(Did you mean import?)'],
    ['leads import x.csv', "required option '--source <name>' not specified"],
    ['ops status --jsn', '(Did you mean --json?)'],
    ['up --http-port x', 'a port is a whole number from 1 to 65535'],
    ['rehearse --days none', 'days: a whole number from 1 to 730'],
    ['rehearse --from yesterday', 'a day is written like 2026-09-01'],
    ['rehearse --faults duplicats', 'There is no fault "duplicats". Did you mean "duplicates"?'],
    ['outcomes import x.csv --currency euros', 'a currency has three letters, such as EUR'],
    ['outcomes import', "missing required argument 'file'"],
    ['people awya lena', '(Did you mean away?)'],
    ['ops reassign --all', "required option '--to <name>' not specified"],
    ['people away lena', "required option '--until <date>' not specified"],
    ['people away lena --until 2026-02-31', 'a day is written like 2026-09-01'],
    ['events import x.csv --dry-rnu', '(Did you mean --dry-run?)'],
    ['leads import x.csv --source a --cost lots', 'an amount is written like 1200 or 1200.50'],
  ])('does not understand "%s", says why, and ends with 2', async (words, why) => {
    const { code, error } = await say(words);
    expect([code, error]).toEqual([2, expect.stringContaining(why)]);
  });

  it.each([
    ['ops status', 'The workspace "sample" is not running. Start it in another terminal'],
    ['ops status --workspace mine', '`npm start -- --workspace mine`'],
    ['ops pause', 'Say who: --sequence, --grade, --segment, --lead, or --all.'],
    ['ops hooks --dry-run', '--dry-run belongs to --replay'],
    ['ops hooks 019ac3f0-5b1e-7d7c-9a51-0d6a5a2f4e11', 'Say --replay to try these again'],
    ['leads show nobody', '"nobody" is no address: the address has no @.'],
    ['leads merge ada@x.example nobody', '"nobody" is neither an address nor an id of a lead'],
    ['leads unmerge nobody', '"nobody" is no address: the address has no @.'],
    ['leads import x.csv --source a --cost 12', 'A cost needs a currency'],
    ['leads import x.csv --source a --cost 12 --currency YEN', '"YEN" is no currency'],
    ['accounts import x.csv', 'The workspace "sample" is not running.'],
    ['accounts show gmail.com', 'at gmail.com anybody may have an address'],
    ['accounts show nobody', '"nobody" is no domain; write it like example.com.'],
    ['events import x.csv', 'The workspace "sample" is not running.'],
    ['outcomes import x.csv', 'The workspace "sample" is not running.'],
    ['people list', 'The workspace "sample" is not running.'],
    ['sequence lint c-nuture', 'there is no sequence "c-nuture". Did you mean "c-nurture"?'],
    ['sequence publish ../x', 'there is no sequence "../x"'],
    ['rehearse --leads nobody.csv', 'There is no file nobody.csv.'],
    ['rehearse --sequence c-nuture', 'Did you mean "c-nurture"?'],
    ['up --workspace ../x', '"../x" cannot name a workspace'],
  ])('cannot do "%s", says what to do, and ends with 1', async (words, why) => {
    const { code, out, error } = await say(words);
    expect(code).toBe(1);
    expect(out + error).toContain(why);
    expect(error).not.toContain('    at ');
  });

  it('refuses half a production configuration, with everything that is missing', async () => {
    const { code, error } = await run('up', {
      DATABASE_URL: 'mysql://x',
      SENDGRID_API_KEY: 'SG.secret',
    });
    expect(code).toBe(1);
    for (const name of [
      'DATABASE_URL is not what it should be',
      'TEMPORAL_ADDRESS is missing',
      'SENDGRID_WEBHOOK_PUBLIC_KEY is missing',
      'LOCKSTEP_PUBLIC_URL is missing',
      'LOCKSTEP_SECRET is missing',
      'LOCKSTEP_API_KEY is missing',
    ])
      expect(error).toContain(name);
    expect(error).not.toContain('SG.secret');
    const doctor = await run('doctor', { DATABASE_URL: 'mysql://x' });
    expect([doctor.code, doctor.out]).toEqual([
      1,
      expect.stringContaining('TEMPORAL_ADDRESS is missing'),
    ]);
  });

  it('refuses half a receiver of webhooks, without its secret', async () => {
    const { code, error } = await run('up', {
      DATABASE_URL: 'postgresql://nobody@localhost/none',
      LOCKSTEP_HOOK_SECRET: 'whsec_c2VjcmV0',
    });
    expect(code).toBe(1);
    expect(error).toContain('LOCKSTEP_HOOK_URL is missing');
    expect(error).toContain('LOCKSTEP_HOOK_SECRET is not what it should be');
    expect(error).not.toContain('c2VjcmV0');
  });

  it('rehearses on this machine alone', async () => {
    const { code, error } = await run('rehearse', { SENDGRID_API_KEY: 'SG.secret' });
    expect([code, error]).toEqual([
      1,
      expect.stringContaining('A rehearsal runs on this machine alone'),
    ]);
  });

  it('tells where Inbound Parse is to post', async () => {
    const { out } = await run('doctor', {
      DATABASE_URL: 'postgresql://nobody@localhost/none',
      TEMPORAL_ADDRESS: 'localhost:7233',
      SENDGRID_API_KEY: 'SG.secret',
      SENDGRID_WEBHOOK_PUBLIC_KEY: 'AAAA',
      LOCKSTEP_PUBLIC_URL: 'https://mail.example.com/',
      LOCKSTEP_SECRET: 'a secret of thirty-two characters',
      LOCKSTEP_API_KEY: 'an api key for tests',
    });
    expect(out).toMatch(/https:\/\/mail\.example\.com\/webhooks\/inbound\/[\w-]{43}\n/);
    expect(out).not.toContain('thirty-two');
  });

  it('lints the shipped sequences, which are sound', async () => {
    const { code, out } = await run('sequence lint --json');
    expect([code, JSON.parse(out)]).toEqual([0, []]);
    const plain = await run('sequence lint');
    expect(plain.out).toContain(
      'c-nurture, d-long-cycle, problem-education, referral, stay-in-touch: nothing wrong.',
    );
  });

  it('says its version', async () => {
    expect((await run('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
