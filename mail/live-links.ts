import pLimit from 'p-limit';
import { findingAt, type LintedSequence } from '../domain/sequence/lint/finding.ts';
import { linksOf } from '../domain/sequence/lint/links.ts';
import type { RuledFinding } from '../domain/sequence/lint/rules.ts';

/** Pages asked for at once, and how long each may take to answer. */
const [atOnce, patienceMs] = [4, 10_000];
/** What a site answers that wants to be asked for the whole page. */
const notByHead = [400, 403, 404, 405, 406, 429, 500, 501, 503];

/** Where links of a mail lead, and where each stands first. */
interface Target {
  url: string;
  file: string;
  line: number;
  column: number;
}

/** The pages that mails link to, each once; those with Liquid are different for each lead, and are not asked for. */
export function pagesOf(sequences: readonly Pick<LintedSequence, 'mails'>[]): Target[] {
  const links = sequences
    .flatMap(({ mails }) => mails.flatMap(linksOf))
    .filter(({ target }) => /^https?:\/\//i.test(target) && !/\{[{%]/.test(target))
    .map(({ target, element, at }) => ({
      url: target.replaceAll('&amp;', '&').replace(/#.*$/, ''),
      ...findingAt(element.source, at, ''),
    }));
  return [...new Map(links.toReversed().map(link => [link.url, link])).values()].toReversed();
}

/**
 * Asks for pages, a few at once, and nothing of a lead with it.
 * @param onAsked told after each how many were asked for
 * @returns those that do not answer, or say that they are not there
 */
export async function deadLinks(
  pages: readonly Target[],
  onAsked: (count: number) => void,
): Promise<RuledFinding[]> {
  const inTurn = pLimit(atOnce);
  let asked = 0;
  const found = await Promise.all(
    pages.map(page =>
      inTurn(async () => {
        const trouble = await troubleWith(page.url);
        onAsked(++asked);
        return { page, trouble };
      }),
    ),
  );
  return found.flatMap(({ page: { url, file, line, column }, trouble }) =>
    trouble === null
      ? []
      : [
          {
            ...{ file, line, column, rule: 'dead-link', severity: 'warning' as const },
            message: `${url} ${trouble}.`,
          },
        ],
  );
}

async function troubleWith(url: string): Promise<string | null> {
  try {
    const head = await ask(url, 'HEAD');
    const status = notByHead.includes(head) ? await ask(url, 'GET') : head;
    return status < 400 ? null : `answers ${status}`;
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } };
    if (name === 'TimeoutError') return `does not answer within ${patienceMs / 1_000} s`;
    return `cannot be reached${cause?.code === undefined ? '' : ` (${cause.code})`}`;
  }
}

async function ask(url: string, method: 'HEAD' | 'GET'): Promise<number> {
  const signal = AbortSignal.timeout(patienceMs);
  const headers = { 'user-agent': 'lockstep-lint' };
  const response = await fetch(url, { method, signal, headers, redirect: 'follow' });
  await response.body?.cancel();
  return response.status;
}
