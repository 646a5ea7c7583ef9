import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import colors from 'picocolors';

/** How a command talks: sentences and tables to people, one JSON value to machines (`--json`). */
export class Terminal {
  readonly json?: boolean;

  constructor(json: boolean) {
    this.json = json;
  }

  /** A line for people. */
  say(line = ''): void {
    if (!this.json) process.stdout.write(`${line}\n`);
  }

  /** The command's result, for machines. */
  result(value: unknown): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, bigintAsNumber, 2)}\n`);
  }

  /** Something worth a second look, on the error stream. */
  warn(line: string): void {
    process.stderr.write(`${colors.yellow('!')} ${line}\n`);
  }

  /** A list as aligned columns. */
  table(head: readonly string[], rows: readonly (readonly string[])[]): void {
    if (this.json) return;
    const table = new Table({
      head: head.map(name => colors.dim(name)),
      style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
      chars: noBorders,
    });
    table.push(...rows.map(row => [...row]));
    this.say(table.toString());
  }

  /** A progress bar, on a terminal only. `total` and the steps are in whatever unit is counted. */
  bar(name: string, total: number): { to: (value: number) => void; stop: () => void } {
    if (this.json || !process.stderr.isTTY || total <= 0)
      return { to: () => undefined, stop: () => undefined };
    const bar = new SingleBar({
      format: `${name} {bar} {percentage} %`,
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    });
    bar.start(total, 0);
    return { to: value => bar.update(Math.min(value, total)), stop: () => bar.stop() };
  }
}

const noBorders = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map(part => [part, '']),
);

function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
