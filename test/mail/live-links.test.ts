import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deadLinks, pagesOf } from '../../mail/live-links.ts';
import { readSequence } from '../../mail/sequence-folder.ts';
import { cleanSequence, TemplatesFolder } from './clean-sequence.ts';

let folder: TemplatesFolder;
let server: Server;
let site: string;
const asked: string[] = [];
beforeAll(async () => {
  folder = await TemplatesFolder.make();
  server = createServer(({ method = '', url = '' }, response) => {
    asked.push(`${method} ${url}`);
    const isGone = url === '/gone' || (url === '/by-get-alone' && method === 'HEAD');
    response.writeHead(isGone ? 404 : 200).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.close();
  await folder.remove();
});

it('asks each page once, tells those that are gone at their line, and none with a field of a lead', async () => {
  const links = ['/there', '/gone', '/there', '/by-get-alone', '/{{ lead.company }}']
    .map(path => `<p><a href="${site}${path}">A page</a></p>`)
    .join('\n');
  const mail = (cleanSequence['01-first.mjml'] ?? '').replace('<p>Nora</p>', links);
  await folder.put('tried', {
    ...cleanSequence,
    '01-first.mjml': mail.replace('https://northwind.example', site),
    '02-second.mjml': mail.replace('https://northwind.example', site),
  });
  const { linted } = await readSequence(folder.root, 'tried');
  const pages = pagesOf([linted]);
  const counts: number[] = [];
  const dead = await deadLinks(pages, count => counts.push(count));
  expect(dead).toMatchObject([
    { rule: 'dead-link', severity: 'warning', message: `${site}/gone answers 404.` },
  ]);
  const line = mail.slice(0, mail.indexOf('/gone')).split('\n').length;
  expect(dead[0]).toMatchObject({ line });
  expect(counts).toEqual([1, 2, 3, 4]);
  expect(asked.toSorted()).toEqual(
    ['/by-get-alone', '/gone', '/stories', '/there']
      .map(path => `HEAD ${path}`)
      .concat('GET /by-get-alone', 'GET /gone')
      .toSorted(),
  );
});

it('tells a site that nobody is at', async () => {
  const nobody = { url: 'http://127.0.0.1:9/', file: 'a.mjml', line: 1, column: 1 };
  const [dead] = await deadLinks([nobody], () => undefined);
  expect(dead?.message).toContain('cannot be reached');
});
