import type { SubgraphFigure } from '#kernel/subgraph';

interface Row {
  readonly figure: string;
  readonly invariant: string;
  readonly value: number;
}

const sql = 'select figure, invariant, value from transactions.validation_figures()';

/** What the continuous validation shows of itself. */
export const validationFigures: readonly SubgraphFigure[] = [
  {
    name: 'crossfoot_validation_findings',
    help: 'Places where the books part from what must hold, by invariant; nothing is shown for those that hold.',
    labels: ['invariant'],
    async read(pool) {
      const found = await pool.query<Row>(sql);
      return found.rows
        .filter(({ figure }) => figure === 'open')
        .map(({ invariant, value }) => ({ labels: { invariant }, value }));
    },
  },
  {
    name: 'crossfoot_validation_age_seconds',
    help: 'How long ago the book that waits longest was looked over as a whole.',
    labels: [],
    async read(pool) {
      const found = await pool.query<Row>(sql);
      return found.rows.filter(({ figure }) => figure === 'age').map(({ value }) => ({ labels: {}, value }));
    },
  },
];
