/** What the sample's people and companies are made of. */
export const firstNames =
  'Anna Ben Clara David Elena Felix Greta Hannah Ivo Jana Karl Lea Max Nele Oskar Paula Quentin Ruth Simon Tara Ulrich Vera Willem Yara Zoé Amélie Björn Céline Dirk Éva Franz Gesa Heiko Inga Jürgen Käthe Lars Mireille Noor Pieter'.split(
    ' ',
  );

export const lastNames =
  "Albrecht Bauer Conrad Dorn Engel Fischer Graf Huber Iversen Jansen Keller Lang Meier Neumann Ott Peters Quast Richter Schäfer Thoma Ullmann Vogel Wagner Zeller de-Boer van-Dijk Bakker Dubois Lefèvre Moreau O'Brien Österreicher Großmann Steiner Gruber Egger Brunner Frei Baumann Rossi".split(
    ' ',
  );

export const titles = [
  'Plant Manager',
  'Head of Operations',
  'Head of Maintenance',
  'VP Manufacturing',
  'COO',
  'CTO',
  'Managing Director',
  'Operations Manager',
  'Maintenance Manager',
  'Director Supply Chain',
  'Technical Director',
  'Production Lead',
  'Shift Lead',
  'Quality Manager',
  'Purchasing Manager',
  'Process Engineer',
  'Maintenance Engineer',
  'Controller',
  'IT Administrator',
  'Marketing Manager',
  'Assistant',
  'Student',
];

export interface SampleCompany {
  name: string;
  domain: string;
  industry: string;
  employees: number;
  country: string;
  region: string;
  zone: string;
  /** What HubSpot's lifecycle says of everybody there. */
  stage?: string;
}

const company = (
  name: string,
  domain: string,
  industry: string,
  employees: number,
  country: string,
  region: string,
  zone: string,
  stage?: string,
): SampleCompany => ({
  name,
  domain: `${domain}.example`,
  industry,
  employees,
  country,
  region,
  zone,
  ...(stage === undefined ? {} : { stage }),
});

const berlin = 'Europe/Berlin';

export const companies: readonly SampleCompany[] = [
  company('Hansa Metall GmbH', 'hansa-metall', 'MANUFACTURING', 640, 'Germany', 'Hamburg', berlin),
  company(
    'Rheinwerk Pumpen AG',
    'rheinwerk-pumpen',
    'MANUFACTURING',
    1450,
    'Germany',
    'Nordrhein-Westfalen',
    berlin,
  ),
  company('Isar Verpackung', 'isar-verpackung', 'MANUFACTURING', 310, 'Germany', 'Bayern', berlin),
  company('Spree Logistik', 'spree-logistik', 'LOGISTICS', 880, 'Germany', 'Berlin', berlin),
  company('Nordsee Kühlhaus', 'nordsee-kuehlhaus', 'LOGISTICS', 120, 'Germany', 'Bremen', berlin),
  company(
    'Schwarzwald Präzision',
    'schwarzwald-praezision',
    'MANUFACTURING',
    95,
    'Germany',
    'Baden-Württemberg',
    berlin,
  ),
  company('Elbe Papier', 'elbe-papier', 'MANUFACTURING', 2600, 'Germany', 'Sachsen', berlin),
  company(
    'Brauhaus Löwen',
    'brauhaus-loewen',
    'FOOD_AND_BEVERAGE',
    210,
    'Germany',
    'Bayern',
    berlin,
  ),
  company(
    'Alpen Logistik',
    'alpen-logistik',
    'LOGISTICS',
    430,
    'Austria',
    'Tirol',
    'Europe/Vienna',
  ),
  company(
    'Donau Guss',
    'donau-guss',
    'MANUFACTURING',
    720,
    'Austria',
    'Oberösterreich',
    'Europe/Vienna',
  ),
  company('Wiener Glas', 'wiener-glas', 'MANUFACTURING', 150, 'Austria', 'Wien', 'Europe/Vienna'),
  company(
    'Limmat Antriebe',
    'limmat-antriebe',
    'MANUFACTURING',
    540,
    'Switzerland',
    'Zürich',
    'Europe/Zurich',
  ),
  company(
    'Jura Uhrenteile',
    'jura-uhrenteile',
    'MANUFACTURING',
    60,
    'Switzerland',
    'Jura',
    'Europe/Zurich',
  ),
  company(
    'Polder Fresh',
    'polder-fresh',
    'FOOD_AND_BEVERAGE',
    260,
    'Netherlands',
    'Flevoland',
    'Europe/Amsterdam',
  ),
  company(
    'Maas Parcels',
    'maas-parcels',
    'LOGISTICS',
    1900,
    'Netherlands',
    'Limburg',
    'Europe/Amsterdam',
  ),
  company(
    'Schelde Chemie',
    'schelde-chemie',
    'CHEMICALS',
    850,
    'Belgium',
    'Antwerpen',
    'Europe/Brussels',
  ),
  company('Atelier Roux', 'atelier-roux', 'RETAIL', 45, 'France', 'Grand Est', 'Europe/Paris'),
  company(
    'Garonne Aéro',
    'garonne-aero',
    'MANUFACTURING',
    3200,
    'France',
    'Occitanie',
    'Europe/Paris',
  ),
  company(
    'Loire Wholesale',
    'loire-wholesale',
    'WHOLESALE',
    180,
    'France',
    'Pays de la Loire',
    'Europe/Paris',
  ),
  company(
    'Tamar Retail Group',
    'tamar-retail',
    'RETAIL',
    5400,
    'United Kingdom',
    'England',
    'Europe/London',
  ),
  company(
    'Lagan Foods',
    'lagan-foods',
    'FOOD_AND_BEVERAGE',
    330,
    'Ireland',
    'Leinster',
    'Europe/Dublin',
  ),
  company(
    'Po Valley Motors',
    'po-valley-motors',
    'MANUFACTURING',
    990,
    'Italy',
    'Lombardia',
    'Europe/Rome',
  ),
  company(
    'Vistula Steel',
    'vistula-steel',
    'MANUFACTURING',
    1300,
    'Poland',
    'Mazowieckie',
    'Europe/Warsaw',
  ),
  company('Harbor Consulting', 'harbor-consulting', 'CONSULTING', 35, 'Germany', 'Hamburg', berlin),
  company(
    'Kuhn Maschinen',
    'kuhn-maschinen',
    'MANUFACTURING',
    410,
    'Germany',
    'Hessen',
    berlin,
    'customer',
  ),
];
