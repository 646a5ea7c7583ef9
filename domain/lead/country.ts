import countries from 'i18n-iso-countries';

/** The languages that exports name countries in, most common first. */
const languages = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl'] as const;

/** The ISO 3166-1 alpha-2 code of a country as people write it (`Germany`, `Deutschland`, `DEU`, `de`), or null. */
export function countryCode(text: string): string | null {
  const name = text.trim();
  const upper = name.toUpperCase();
  if (upper.length === 2 && countries.isValid(upper)) return upper;
  if (upper.length === 3) {
    const code = countries.alpha3ToAlpha2(upper);
    if (code !== undefined) return code;
  }
  for (const language of languages) {
    const code = countries.getAlpha2Code(name, language);
    if (code !== undefined) return code;
  }
  return null;
}

/** What a country is called in English, such as `Germany` for `DE`; the code itself where there is no such country. */
export function countryName(code: string): string {
  return countries.getName(code, 'en') ?? code;
}
