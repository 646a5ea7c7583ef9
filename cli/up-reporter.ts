import colors from 'picocolors';
import type { Reporter } from '../sandbox/supervisor.ts';

/** Between two lines that say how far something is, in milliseconds. */
const betweenBusyMs = 2_000;

/** Tells how starting goes: one line for each thing that is up. */
export class UpReporter implements Reporter {
  readonly json?: boolean;
  readonly #began = Date.now();
  #toldBusy = Date.now();

  constructor(json: boolean) {
    this.json = json;
  }

  /** On a terminal what is being waited for stands in the last line, until it is up. */
  starting(name: string): void {
    if (process.stdout.isTTY && !this.json) process.stdout.write(colors.dim(`  ${name} …\r`));
  }

  up(name: string, detail: string, ms: number): void {
    this.#line(
      { up: name, detail, ms },
      `${colors.green('✔')} ${name.padEnd(17)} ${detail} ${colors.dim(`(${seconds(ms)})`)}`,
    );
  }

  progress(line: string): void {
    this.#line({ progress: line }, `  ${colors.dim(line)}`);
  }

  /** How far something is that is asked often: the last line on a terminal, elsewhere a line every few seconds. */
  busy(line: string): void {
    if (process.stdout.isTTY && !this.json) {
      process.stdout.write(`\u001b[2K${colors.dim(`  ${line} …`)}\r`);
    } else if (Date.now() - this.#toldBusy >= betweenBusyMs) {
      this.#toldBusy = Date.now();
      this.progress(line);
    }
  }

  warning(line: string): void {
    this.#line({ warning: line }, `${colors.yellow('!')} ${line}`);
  }

  say(line: string): void {
    this.#line({ say: line }, line);
  }

  /** Everything is up. */
  ready(lines: readonly string[]): void {
    const took = seconds(Date.now() - this.#began);
    this.#line(
      { ready: true, ms: Date.now() - this.#began },
      `\nEverything is up after ${took}.\n\n${lines.join('\n')}\n`,
    );
  }

  #line(value: object, text: string): void {
    const clear = process.stdout.isTTY ? '\u001b[2K' : '';
    process.stdout.write(this.json ? `${JSON.stringify(value)}\n` : `${clear}${text}\n`);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
