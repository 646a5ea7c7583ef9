import { stringify } from 'csv-stringify/sync';
import { DateTime } from 'luxon';
import { day, type Instant } from '../../domain/instant.ts';
import { Random } from '../../domain/random.ts';
import { companies, firstNames, lastNames, titles } from './names.ts';

/** Headings of a contact export from HubSpot. */
const header = [
  'Record ID',
  'First Name',
  'Last Name',
  'Email',
  'Job Title',
  'Company Name',
  'Industry',
  'Number of Employees',
  'Country/Region',
  'State/Region',
  'Time Zone',
  'Lifecycle Stage',
  'First Conversion',
  'First Conversion Date',
  'Recent Conversion',
  'Recent Conversion Date',
  'Unsubscribed from all email',
];

/** The lead that one click brings over the line; the README names him. */
export const oneClickBelow = 'jonas.weber@hansa-metall.example';

const seed = 20_261_123;
const rows = 240;

/**
 * The sample leads as a HubSpot export, the same ones every time, with their conversions dated back
 * from a moment: 240 people of whom some have just asked for a demo, and most have not.
 */
export function sampleLeads(at: Instant): string {
  return stringify([header, jonas(at), ...earlier(at)]);
}

/** All of them but the one who stands a click below the line; he comes when somebody is there to click. */
export function earlierSampleLeads(at: Instant): string {
  return stringify([header, ...earlier(at)]);
}

export function newcomer(at: Instant): string {
  return stringify([header, jonas(at)]);
}

function earlier(at: Instant): string[][] {
  const random = new Random(seed);
  const seen = new Set([oneClickBelow]);
  const lines: string[][] = [];
  while (lines.length < rows - 1) {
    const line = person(random, lines.length + 1, at);
    const address = line[3] ?? '';
    if (seen.has(address)) continue;
    seen.add(address);
    lines.push(line);
  }
  return lines;
}

/** Fit is all there is; a webinar and a guide leave him a point below the cut. One click is five. */
function jonas(at: Instant): string[] {
  return [
    '1001',
    ...[
      'Jonas',
      'Weber',
      oneClickBelow,
      'Plant Manager',
      'Hansa Metall GmbH',
      'MANUFACTURING',
      '640',
    ],
    ...['Germany', 'Hamburg', 'Europe/Berlin', 'lead'],
    ...[
      'Download: Guide to unplanned stops',
      daysAgo(at, 3),
      'Webinar: What a stop costs',
      daysAgo(at, 2),
    ],
    'false',
  ];
}

function person(random: Random, index: number, at: Instant): string[] {
  const first = random.pick(firstNames);
  const last = random.pick(lastNames);
  const company = random.pick(companies);
  const title = random.pick(titles);
  const [firstConversion, recentConversion] = conversions(random);
  const recent = random.below(20);
  const blank = (text: string, probability: number) => (random.chance(probability) ? '' : text);
  return [
    String(1001 + index),
    blank(first, 0.03),
    last,
    `${plain(first)}.${plain(last)}@${company.domain}`,
    blank(title, 0.08),
    company.name,
    blank(company.industry, 0.06),
    blank(String(company.employees), 0.1),
    company.country,
    company.region,
    blank(company.zone, 0.5),
    company.stage ?? (recentConversion === '' ? 'subscriber' : 'lead'),
    firstConversion,
    firstConversion === '' ? '' : daysAgo(at, recent + 1 + random.below(25)),
    recentConversion,
    recentConversion === '' ? '' : daysAgo(at, recent),
    String(random.chance(0.015)),
  ];
}

/** What people did before they came: most downloaded something, few asked for sales. */
function conversions(random: Random): [first: string, recent: string] {
  const content = [
    'Download: Guide to unplanned stops',
    'Download: One-page worksheet',
    'Webinar: What a stop costs',
    'Webinar: First sensors',
  ];
  const roll = random.next();
  if (roll < 0.05) return [random.pick(content), 'Demo request'];
  if (roll < 0.09) return ['', 'Contact form'];
  if (roll < 0.5) return ['', random.pick(content)];
  if (roll < 0.6) return [random.pick(content), random.pick(content)];
  return ['', ''];
}

function daysAgo(at: Instant, days: number): string {
  return DateTime.fromMillis(at - days * day, { zone: 'utc' }).toFormat('yyyy-MM-dd HH:mm');
}

function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('ä', 'ae')
    .replaceAll('ö', 'oe')
    .replaceAll('ü', 'ue')
    .replaceAll('ß', 'ss')
    .normalize('NFD')
    .replace(/[^a-z]/g, '');
}
