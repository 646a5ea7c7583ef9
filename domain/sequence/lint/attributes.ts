import { ancestors, stylesOf, type Element } from './template.ts';

/** What `mj-attributes` says for all elements of a name, or of a class. */
export type Defaults = ReadonlyMap<string, Element>;

export function defaultsOf(elements: readonly Element[]): Defaults {
  const defaults = new Map<string, Element>();
  for (const element of elements) {
    if (!isInAttributes(element)) continue;
    const { name, attributes } = element;
    defaults.set(name === 'mj-class' ? `.${attributes.get('name')?.value ?? ''}` : name, element);
  }
  return defaults;
}

/** Whether an element only says what others are like. */
export function isInAttributes(element: Element): boolean {
  return [...ancestors(element)].some(({ name }) => name === 'mj-attributes');
}

/** An attribute as MJML finds it: the element's own, its class's, that of all of its name, that of all. */
export function attributeOf(element: Element, name: string, defaults: Defaults): string | null {
  const classes = (element.attributes.get('mj-class')?.value ?? '').split(/\s+/);
  const places = [
    element,
    ...classes.map(each => defaults.get(`.${each}`)),
    defaults.get(element.name),
    element.name.startsWith('mj-') ? defaults.get('mj-all') : undefined,
  ];
  for (const place of places) {
    const value = place?.attributes.get(name)?.value;
    if (value !== undefined) return value;
  }
  return null;
}

/** The nearest of an element and those around it that says something, by its style or its attribute. */
export function inherited(
  element: Element,
  property: string,
  defaults: Defaults,
): { value: string; by: Element } | null {
  for (const each of [element, ...ancestors(element)]) {
    const styles = stylesOf(each);
    const isBackground = property === 'background-color';
    const attribute = isBackground && !each.name.startsWith('mj-') ? 'bgcolor' : property;
    const value =
      styles.get(property) ??
      (isBackground ? styles.get('background') : undefined) ??
      attributeOf(each, attribute, defaults);
    if (value !== null && value !== '') return { value, by: each };
  }
  return null;
}

/** A length in pixels, or null for another. */
export function pixels(text: string | null | undefined): number | null {
  const [, count] = /^\s*(\d+(?:\.\d+)?)\s*(?:px)?\s*$/.exec(text ?? '') ?? [];
  return count === undefined ? null : Number(count);
}

/** Whether nobody sees an element, as it or one around it says. */
export function isHidden(element: Element): boolean {
  return [element, ...ancestors(element)].some(each => {
    const styles = stylesOf(each);
    return (
      styles.get('display') === 'none' ||
      styles.get('visibility') === 'hidden' ||
      /^0(\.0+)?$/.test(styles.get('opacity') ?? '') ||
      /^0(px|pt|em|%)?$/.test(styles.get('font-size') ?? '') ||
      /^0(px)?$/.test(styles.get('max-height') ?? '') ||
      each.attributes.has('hidden')
    );
  });
}
