import { rgb } from 'd3-color';

/**
 * How much light a color gives, from 0 for black to 1 for white: relative luminance of WCAG 2.2,
 * https://www.w3.org/TR/WCAG22/#dfn-relative-luminance
 * @returns null for what is no color, or lets through what is behind it
 */
export function luminance(color: string): number | null {
  const { r, g, b, opacity } = rgb(color.trim());
  if (Number.isNaN(r) || opacity < 1) return null;
  const [red = 0, green = 0, blue = 0] = [r, g, b].map(channel => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * The contrast of two colors, from 1 to 21, by https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio
 * @returns null where one of them is not known
 */
export function contrast(one: string, other: string): number | null {
  const [a, b] = [luminance(one), luminance(other)];
  if (a === null || b === null) return null;
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}
