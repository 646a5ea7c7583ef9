import type { Currencies } from '../domain/amount.ts';

/** The currencies of the world, as this version of Node knows them. */
export const currencies: Currencies = new Set(Intl.supportedValuesOf('currency'));
