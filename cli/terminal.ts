import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import colors from 'picocolors';

/** How a command talks: sentences and tables to people, one JSON value to machines (`--json`). */
export class Terminal {
  readonly json?: boolean;

  constructor(json: boolean) {
    this.json = json;
    if (!process.stdout.listeners('error').includes(onClosed)) process.stdout.on('error', onClosed);
  }

  /** A line for people. */
  say(line = ''): void {
    if (!this.json) process.stdout.write(`${printable(line)}\n`);
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
    table.push(...rows.map(row => row.map(printable)));
    this.say(table.toString());
  }

  /**
   * A progress bar; where there is no terminal, a line every few seconds on the error stream. `total` and the
   * steps are in whatever unit is counted.
   */
  bar(name: string, total: number): { to: (value: number) => void; stop: () => void } {
    if (total <= 0) return { to: () => undefined, stop: () => undefined };
    if (!process.stderr.isTTY) return lines(name, total);
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

/** Whoever reads the output may have read enough, as `head` does. */
function onClosed(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit();
  throw error;
}

/** Between two lines that say how far something is, in milliseconds. */
const betweenLinesMs = 2_000;

function lines(name: string, total: number) {
  let told = Date.now();
  return {
    to: (value: number) => {
      if (Date.now() - told < betweenLinesMs) return;
      told = Date.now();
      process.stderr.write(`${name}: ${Math.floor((Math.min(value, total) / total) * 100)} %\n`);
    },
    stop: () => undefined,
  };
}

/** Control characters, but for new lines, tabs, and the escapes of colors. */
const control =
  // eslint-disable-next-line no-control-regex -- finding control characters is what this is for
  /\u001b(?!\[\d+m)|[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f]/g;

/** What leads and files call themselves must not move the cursor; the colors that commands use may. */
function printable(text: string): string {
  return text.replace(control, '�');
}

const noBorders = Object.fromEntries(
  'top top-mid top-left top-right bottom bottom-mid bottom-left bottom-right left left-mid mid mid-mid right right-mid middle'
    .split(' ')
    .map(part => [part, '']),
);

function bigintAsNumber(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
