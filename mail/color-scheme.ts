export type ColorScheme = 'light' | 'dark';

/** The feature of a media query, wherever it stands among others. */
const preference = /\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi;

/**
 * A mail's HTML as somebody sees it who prefers a color scheme, whatever the browser that shows it prefers. Each
 * question of a style for the preference becomes one that always or never holds, so that conditions which are made of
 * several stay what they are.
 */
export function inScheme(html: string, scheme: ColorScheme): string {
  const decided = (condition: string) =>
    condition.replace(preference, (_feature, asked: string) =>
      asked.toLowerCase() === scheme ? '(min-width: 0px)' : '(max-width: -1px)',
    );
  const told = html
    .replace(
      /(<style\b[^>]*>)([\s\S]*?)(<\/style\s*>)/gi,
      (_all, open: string, css: string, close: string) => `${decided(open)}${decided(css)}${close}`,
    )
    .replace(/<(?:source|link)\b[^>]*>/gi, decided);
  // What a browser paints by itself, such as the canvas, follows the scheme of the root.
  const root = `<style>:root { color-scheme: only ${scheme} !important; }</style>`;
  const end = told.search(/<\/head\s*>/i);
  return end === -1 ? `${root}${told}` : `${told.slice(0, end)}${root}${told.slice(end)}`;
}
