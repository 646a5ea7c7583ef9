import { z } from 'zod';
import { mergeAccounts, type AccountRow } from '../../domain/account/account.ts';
import { accountStatuses } from '../../domain/account/status.ts';
import { stages } from '../../domain/agreement/stages.ts';
import { suggestion } from '../../domain/document/nearest.ts';
import { readCompanyDomain } from '../../domain/lead/address.ts';
import { namedPeople, saveAccounts } from '../../store/account.ts';
import { accountSheet, accountsNear } from '../../store/account-sheet.ts';
import { accountItemSchema, readAccountItem } from '../account-item.ts';
import { refusalSchema, type Endpoint } from '../endpoint.ts';
import { noQuery, type Lookup } from '../lookup.ts';
import { inOneLine, problemsOf } from '../problems.ts';
import { answerOf, resultsSchema, type Result } from '../results.ts';

const effects = ['new', 'updated', 'unchanged'] as const;

/** `POST /v1/accounts`: what companies are to you and who owns them, one or a list, as `accounts import`. */
export const accountsEndpoint: Endpoint = {
  path: '/v1/accounts',
  summary: 'Tell what companies are to you',
  description:
    'Accounts, one or a list: what a company is to you, and who of sales owns it, by its domain. What is blank, null or ' +
    'left out never overwrites, "none" takes away what was known, and the same post again changes nothing. Each is taken ' +
    'in whole or rejected with its reason; the others go on. Leads of an account whose status or owner changed are looked ' +
    'at again at once.',
  noun: 'account',
  item: accountItemSchema,
  most: 500,
  contentTypes: [],
  examples: {
    one: {
      summary: 'a company became a customer',
      value: { domain: 'example.com', name: 'Analytical Engines', status: 'customer' },
    },
    list: {
      summary: 'a list: a competitor, and one that is none any more and has no owner',
      value: [
        { domain: 'example.org', status: 'competitor' },
        { domain: 'https://www.example.net/', status: 'none', owner: 'none' },
      ],
    },
  },
  answers: resultsSchema('account', effects),
  take: async ({ database }, given, at) => {
    const people = await namedPeople(database);
    const results: Result[] = [];
    const rows: { row: AccountRow; account: number }[] = [];
    for (const [account, value] of given.entries()) {
      const { data, error } = accountItemSchema.safeParse(value);
      const read =
        data === undefined
          ? { reason: inOneLine(problemsOf(error, value, accountItemSchema)) }
          : readAccountItem(data, people);
      if ('reason' in read) results.push({ account, result: 'rejected', reason: read.reason });
      else rows.push({ row: read.row, account });
    }
    const merged = mergeAccounts(rows.map(({ row }) => row));
    const saved = await database.transaction(session => saveAccounts(session, merged, at));
    for (const { row, account } of rows)
      results.push({ account, result: saved.effects.get(row.domain) ?? 'unchanged' });
    return { ...answerOf('account', effects, results), toNudge: saved.toNudge };
  },
};

const found = {
  domain: 'example.com',
  name: 'Analytical Engines',
  status: 'customer',
  owner: { key: 'lena', name: 'Lena Vogt', active: true },
  leads: [
    {
      id: '01980000-0000-7000-8000-000000000001',
      name: 'Ada Lovelace',
      title: 'Plant Manager',
      grade: 'B',
      stage: 'customer',
      rep: null,
    },
  ],
  total: 1,
};

/** `GET /v1/accounts/:domain`: an account, and the best of its leads. */
export const accountLookup: Lookup = {
  path: '/v1/accounts',
  key: 'domain',
  query: noQuery,
  example: 'example.com',
  noun: 'account',
  summary: 'Look at an account',
  description: 'What a company is to you, who owns it, and its leads: the best hundred first.',
  answers: {
    200: {
      description: 'The account.',
      body: z.object({
        domain: z.string(),
        name: z.string().nullable(),
        status: z.enum(accountStatuses).nullable(),
        owner: z
          .object({
            key: z.string(),
            name: z.string(),
            active: z.boolean().meta({ description: 'false of somebody who has left' }),
          })
          .nullable(),
        leads: z.array(
          z.object({
            id: z.string(),
            name: z.string().nullable(),
            title: z.string().nullable(),
            grade: z.enum(['A', 'B', 'C', 'D']).nullable(),
            stage: z.enum(stages),
            rep: z.string().nullable().meta({ description: 'who of sales has the lead now' }),
          }),
        ),
        total: z.int().meta({ description: 'how many leads it has in all' }),
      }),
      example: found,
    },
    400: {
      description: 'The address names no domain.',
      body: refusalSchema,
      example: { error: '"example" is no domain; write it like example.com' },
    },
    404: {
      description: 'There is no account of this domain.',
      body: refusalSchema,
      example: { error: 'there is no account example.com' },
    },
  },
  find: async ({ database }, name, at) => {
    const given = readCompanyDomain(name);
    if ('reason' in given) return { status: 400, body: { error: given.reason } };
    const { domain } = given;
    const sheet = await accountSheet(database, domain, at);
    if (sheet !== null) return { status: 200, body: sheet };
    const near = suggestion(domain, await accountsNear(database, domain));
    return { status: 404, body: { error: `there is no account ${domain}.${near}` } };
  },
};
