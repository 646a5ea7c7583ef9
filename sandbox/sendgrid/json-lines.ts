import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** Where a line stands in its file, in bytes. */
export interface LinePlace {
  offset: number;
  length: number;
}

/** A file of JSON, a line each, that is only appended to: it survives the kill of any process. */
export class JsonLines<Value> {
  readonly #file: string;
  #size = 0;

  /** @param remember is told every line that the file holds already, in order */
  constructor(file: string, remember: (value: Value, place: LinePlace) => void) {
    this.#file = file;
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file)) this.#load(remember);
  }

  append(value: Value): LinePlace {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    appendFileSync(this.#file, line, { mode: 0o600 });
    const place = { offset: this.#size, length: line.length };
    this.#size += line.length;
    return place;
  }

  read({ offset, length }: LinePlace): Value {
    const buffer = Buffer.alloc(length);
    const descriptor = openSync(this.#file, 'r');
    try {
      readSync(descriptor, buffer, 0, length, offset);
    } finally {
      closeSync(descriptor);
    }
    return JSON.parse(buffer.toString('utf8')) as Value;
  }

  #load(remember: (value: Value, place: LinePlace) => void): void {
    const content = readFileSync(this.#file);
    let start = 0;
    for (let end = content.indexOf(10); end >= 0; end = content.indexOf(10, start)) {
      const place = { offset: start, length: end + 1 - start };
      remember(JSON.parse(content.toString('utf8', start, end)) as Value, place);
      start = end + 1;
    }
    // A half line is one whose writing was cut off, and that nobody was answered for.
    if (start < content.length) truncateSync(this.#file, start);
    this.#size = start;
  }
}
