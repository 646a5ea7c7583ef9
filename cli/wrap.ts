/** The width of a terminal that everything fits, in characters. */
const terminalWidth = 80;

/** Breaks a text into lines of at most so many characters: between words, and within those that are longer. */
export function wrap(text: string, width = terminalWidth): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.trim().split(/\s+/)) {
    let rest = word;
    if (line !== '' && line.length + 1 + rest.length <= width) {
      line = `${line} ${rest}`;
      continue;
    }
    if (line !== '') lines.push(line);
    for (; rest.length > width; rest = rest.slice(width)) lines.push(rest.slice(0, width));
    line = rest;
  }
  return [...lines, line].join('\n');
}

/** A text in one line of at most so many characters. */
export function clip(text: string, width: number): string {
  const line = text.trim().replace(/\s+/g, ' ');
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
