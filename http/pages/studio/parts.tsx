import type { PropsWithChildren } from '@kitajs/html';
import type { Problem } from '../../../domain/document/problem.ts';
import type { RuledFinding } from '../../../domain/sequence/lint/rules.ts';
import { Page } from '../layout.tsx';

/** What of the files a page shows, and as of when. */
export interface Watched {
  /** The sequence; null for all. */
  of: string | null;
  revision: number;
}

export interface StudioPageProps {
  title: string;
  watched: Watched;
  /** The pages above it, by what they are called. */
  above?: readonly (readonly [name: string, href: string])[];
}

/** The frame of the studio's pages. */
export function StudioPage({
  title,
  watched: { of, revision },
  above = [],
  children,
}: PropsWithChildren<StudioPageProps>): string {
  return (
    <Page title={title} links={{ Sequences: '/studio' }} studio>
      {above.length === 0 ? (
        ''
      ) : (
        <nav class="above" aria-label="Above">
          {above.map(([name, href]) => (
            <>
              <a href={href} safe>
                {name}
              </a>
              <span aria-hidden="true">/</span>
            </>
          ))}
        </nav>
      )}
      {children}
      <p class="quiet watched" data-of={of ?? ''} data-revision={String(revision)}>
        This page follows the files: what is saved is shown at once.
        <noscript> Without scripts, load it again.</noscript>
      </p>
    </Page>
  ) as string;
}

/** Something wrong, with where it is and how it is told. */
export function Findings({ findings }: { findings: readonly RuledFinding[] }): string {
  if (findings.length === 0) return '';
  return (
    <ul class="findings">
      {findings.map(({ severity, file, line, column, message, rule }) => (
        <li class={severity}>
          <b>{severity}</b> <span safe>{message}</span>{' '}
          <small class="quiet" safe>{`${place(file)}:${line}:${column} · ${rule}`}</small>
        </li>
      ))}
    </ul>
  ) as string;
}

/** Why a sequence cannot be read. */
export function Problems({
  file,
  problems,
}: {
  file: string;
  problems: readonly Problem[];
}): string {
  return (
    <ul class="findings">
      {problems.map(({ line, column, message }) => (
        <li class="error">
          <b>error</b> <span safe>{message}</span>{' '}
          <small class="quiet" safe>{`${place(file)}:${line}:${column}`}</small>
        </li>
      ))}
    </ul>
  ) as string;
}

/** A file by its name and its folder's: the rest is the same for all. */
function place(file: string): string {
  return file.split(/[/\\]/).slice(-2).join('/');
}

/** `2 errors, 1 warning`, or null when nothing was found. */
export function findingsInShort(findings: readonly RuledFinding[]): string | null {
  const severities = [...new Set(findings.map(({ severity }) => severity))].toSorted();
  const told = severities.map(severity => {
    const found = findings.filter(finding => finding.severity === severity).length;
    return `${found} ${severity}${found === 1 ? '' : 's'}`;
  });
  return told.length === 0 ? null : told.join(', ');
}

export function count(value: number): string {
  return value.toLocaleString('en');
}

/** Why the page shows no figures. */
export function NoNumbers({ none }: { none: string }): string {
  return (<p class="notice" safe>{`No live numbers: ${none}.`}</p>) as string;
}

/** What is said where something is not, and what is most like it. */
export function NotThere({
  title,
  text,
  near,
  watched,
}: {
  title: string;
  text: string;
  near: { name: string; href: string } | null;
  watched: Watched;
}): string {
  return (
    <StudioPage title={title} watched={watched}>
      <h1 safe>{title}</h1>
      <p class="lede">
        <span safe>{text}</span>{' '}
        {near === null ? (
          ''
        ) : (
          <>
            Did you mean{' '}
            <a href={near.href} safe>
              {near.name}
            </a>
            ?
          </>
        )}
      </p>
      <p>
        <a href="/studio">All sequences</a>
      </p>
    </StudioPage>
  ) as string;
}
