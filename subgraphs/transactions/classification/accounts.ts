/** An account a document can be coded to, and by which words of a document it is recognised. */
export interface CodedAccount {
  readonly code: string;
  readonly name: string;
  /** Words of expense categories and suppliers' own categories, folded. */
  readonly categories: readonly string[];
  /** Words of line texts and company names, folded. */
  readonly keywords: readonly string[];
}

/** Where expenses go that nothing else is known about. */
export const otherExpenses = { code: '6850', name: 'Other operating expenses' } as const;

/** Where sales invoices go. */
export const salesRevenue = { code: '4400', name: 'Sales revenue' } as const;

const account = (
  code: string,
  name: string,
  words: { categories: string; keywords: string },
): CodedAccount => ({
  code,
  name,
  categories: words.categories.split(', '),
  keywords: words.keywords.split(', '),
});

/** The expense accounts of a new book with the words that lead to them; a chart of accounts must have every code. */
export const expenseAccounts: readonly CodedAccount[] = [
  account('5400', 'Goods purchased', {
    categories:
      'goods, inventory, merchandise, raw materials, materials, wareneinkauf, waren, material, marchandises',
    keywords: 'raw material, merchandise, wareneinkauf',
  }),
  account('5900', 'Services purchased', {
    categories:
      'subcontractor, subcontractors, contractor, freelancer, services, fremdleistung, fremdleistungen, sous traitance',
    keywords: 'subcontracting, freelance, freelancer, fremdleistung',
  }),
  account('6310', 'Rent', {
    categories: 'rent, lease, office rent, coworking, miete, raumkosten, loyer, alquiler',
    keywords: 'rent, miete, kaltmiete, nebenkosten, loyer, coworking, office lease',
  }),
  account('6325', 'Electricity, gas, water', {
    categories: 'utilities, electricity, energy, gas, water, strom, energie, electricite, energia',
    keywords: 'electricity, stromlieferung, strom, erdgas, stadtwerke, kwh',
  }),
  account('6330', 'Hosting and cloud services', {
    categories: 'hosting, cloud, infrastructure, servers, server',
    keywords: 'hosting, cloud, server, domain, amazon web services, aws, azure, hetzner, digitalocean, ovh',
  }),
  account('6400', 'Insurance', {
    categories: 'insurance, versicherung, versicherungen, assurance, seguro',
    keywords: 'insurance, versicherung, assurance, haftpflicht',
  }),
  account('6420', 'Memberships and dues', {
    categories: 'dues, membership, memberships, subscriptions and dues, beitrage, mitgliedschaft, cotisation',
    keywords: 'membership, mitgliedsbeitrag, mitgliedschaft',
  }),
  account('6470', 'Repairs and maintenance', {
    categories:
      'repairs, repair, maintenance, repairs and maintenance, reparatur, instandhaltung, wartung, entretien',
    keywords: 'repair, maintenance, reparatur, wartung, instandhaltung',
  }),
  account('6530', 'Vehicle costs', {
    categories:
      'fuel, gas station, car, vehicle, mileage, parking, petrol, kraftstoff, tanken, kfz, carburant',
    keywords:
      'fuel, petrol, diesel, unleaded, parking, parkhaus, parkschein, shell, tankstelle, car wash, mileage',
  }),
  account('6600', 'Advertising and marketing', {
    categories: 'advertising, marketing, ads, promotion, werbung, werbekosten, publicite, publicidad',
    keywords:
      'advertising, adwords, google ads, facebook ads, meta platforms, linkedin, anzeige, werbung, flyer',
  }),
  account('6640', 'Meals and entertainment', {
    categories:
      'meals, meal, food, food and drink, restaurant, restaurants, entertainment, meals and entertainment, client entertainment, coffee, lunch, dinner, bewirtung, verpflegung, essen, repas, comida',
    keywords:
      'restaurant, cafe, coffee, bistro, pizzeria, catering, lunch, dinner, breakfast, bakery, backerei, starbucks, mcdonalds, bewirtung, ristorante, sushi, burger',
  }),
  account('6670', 'Travel', {
    categories:
      'travel, hotel, lodging, accommodation, flight, flights, airfare, airline, train, taxi, transport, transportation, ground transportation, public transport, reise, reisekosten, ubernachtung, fahrtkosten, voyage, deplacement, viaje',
    keywords:
      'hotel, flight, airlines, lufthansa, ryanair, easyjet, train ticket, deutsche bahn, sncf, bahn, taxi, uber, bolt, lyft, airbnb, booking com, ubernachtung, rail',
  }),
  account('6740', 'Shipping', {
    categories: 'shipping, freight, delivery, courier, fracht, versand, transport of goods, livraison',
    keywords: 'shipping, freight, delivery charge, fracht, versand, versandkosten, fedex, ups, dhl, courier',
  }),
  account('6800', 'Postage', {
    categories: 'postage, post, mail, porto, affranchissement',
    keywords: 'postage, stamps, porto, briefmarken, deutsche post, royal mail',
  }),
  account('6805', 'Telephone and internet', {
    categories: 'telephone, phone, internet, mobile, telecom, telecommunications, telefon, telekommunikation',
    keywords:
      'telephone, mobile plan, broadband, internet access, telekom, vodafone, telefonica, mobilfunk, telefon',
  }),
  account('6815', 'Office supplies', {
    categories:
      'office supplies, office, stationery, supplies, office expenses, burobedarf, buro, fournitures, material de oficina',
    keywords:
      'office supplies, stationery, paper, toner, printer, pens, envelopes, burobedarf, kopierpapier, ordner, staples, trennblatter',
  }),
  account('6821', 'Training', {
    categories:
      'training, education, conference, conferences, learning, books, fortbildung, schulung, formation',
    keywords:
      'training, seminar, workshop, course, conference ticket, fortbildung, schulung, udemy, coursera',
  }),
  account('6825', 'Legal and consulting fees', {
    categories:
      'legal, consulting, professional services, professional fees, legal fees, beratung, rechtsberatung, honoraires',
    keywords: 'legal advice, law firm, attorney, consulting, consultancy, beratung, rechtsanwalt, notar',
  }),
  account('6827', 'Bookkeeping and audit fees', {
    categories: 'accounting, bookkeeping, audit, tax advice, buchfuhrung, steuerberatung, comptabilite',
    keywords: 'bookkeeping, accounting services, audit fee, steuerberater, steuerberatung, buchfuhrung',
  }),
  account('6837', 'Software', {
    categories:
      'software, saas, subscriptions, subscription, licence, licences, license, licenses, lizenzen, logiciel',
    keywords:
      'software, saas, licence, license, lizenz, subscription, github, atlassian, adobe, microsoft 365, google workspace, slack, zoom, figma, notion',
  }),
  account('6845', 'Tools and small equipment', {
    categories: 'equipment, hardware, computer, it equipment, tools, electronics, werkzeug, gerate, materiel',
    keywords: 'laptop, notebook computer, monitor, keyboard, headset, phone case, werkzeug, drill, tools',
  }),
  account('6855', 'Bank charges', {
    categories: 'bank fees, bank charges, bank, fees, kontofuhrung, bankgebuhren, frais bancaires',
    keywords: 'bank fee, bank charge, card fee, kontofuhrung, transaction fee, stripe fee, paypal fee',
  }),
];
