/** A representative invoice of a country with every figure worked by hand; amounts as they are printed on it. */
export interface GoldenInvoice {
  readonly title: string;
  /** The tax point. */
  readonly on: string;
  readonly currency: string;
  /** Whether the prices contain their taxes; they do not when left out. */
  readonly pricesInclude?: boolean;
  readonly rounding?: {
    readonly mode?: 'half-up' | 'half-even' | 'down' | 'up';
    readonly level?: 'LINE' | 'DOCUMENT';
  };
  readonly lines: readonly (readonly [amount: string, taxCode: string])[];
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  /** Each tax: what it was charged on, what it comes to, and what of it is cost of a buyer where that is not nothing. */
  readonly taxes: Readonly<Record<string, readonly [base: string, tax: string, cost?: string]>>;
  /** The taxes of each line in the order of its codes, where the split is worth showing. */
  readonly ofLines?: readonly (readonly string[])[];
  /** What is paid in coins, where the smallest coin is no minor unit. */
  readonly cash?: string;
}
