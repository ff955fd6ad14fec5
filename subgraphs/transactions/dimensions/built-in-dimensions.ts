/** A dimension every book has, and what senders also call it. */
export interface BuiltInDimension {
  readonly key: string;
  readonly name: string;
  /** Headings of columns that mean it, folded. */
  readonly alsoCalled: readonly string[];
}

/** The dimensions every book has; 005-dimensions.sql gives them to books that were there before. */
export const builtInDimensions: readonly BuiltInDimension[] = [
  {
    key: 'costCentre',
    name: 'Cost centre',
    alsoCalled: ['cost center', 'cost unit', 'kostenstelle', 'centre de cout', 'centro de coste', 'cdc'],
  },
  {
    key: 'department',
    name: 'Department',
    alsoCalled: ['class', 'team', 'abteilung', 'departement', 'service', 'departamento'],
  },
  { key: 'project', name: 'Project', alsoCalled: ['job', 'projekt', 'projet', 'proyecto', 'progetto'] },
  { key: 'client', name: 'Client', alsoCalled: ['customer', 'kunde', 'cliente', 'klant'] },
];
