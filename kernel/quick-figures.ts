import type { Metric, Registry } from 'prom-client';

/** What a figure is called, and by what its series are told apart. */
interface Described<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly Label[];
}

type Labels<Label extends string> = Readonly<Record<Label, string>>;

interface Value {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

/** A count that only grows. */
export interface QuickCounter<Label extends string> {
  inc(labels: Labels<Label>): void;
  /** Looks a series up once; what it answers adds one to it. */
  series(labels: Labels<Label>): () => void;
}

/** How long something took, in seconds, as counts by bucket. */
export interface QuickHistogram<Label extends string> {
  /** Looks a series up once; what it answers takes one measurement. */
  series(labels: Labels<Label>): (seconds: number) => void;
  /** Begins to measure; the call of what it answers ends it and says for which series. */
  startTimer(): (labels: Labels<Label>) => void;
}

/**
 * Makes a counter for the busiest ways. The library's own finds the series anew at every call, which costs more than
 * a subgraph's answer takes to read; here a series is looked up once and then a number is raised.
 */
export function quickCounter<Label extends string>(
  registry: Registry,
  described: Described<Label>,
): QuickCounter<Label> {
  const known = seriesOf(described, () => ({ count: 0 }));
  expose(registry, described, {
    type: 'counter',
    values: () => known.all().map(({ labels, kept }) => ({ labels, value: kept.count })),
  });
  return {
    inc: (labels) => void (known.find(labels).count += 1),
    series(labels) {
      const kept = known.find(labels);
      return () => void (kept.count += 1);
    },
  };
}

interface Buckets {
  readonly counts: number[];
  sum: number;
  count: number;
}

/** Makes a histogram for the busiest ways; `buckets` are upper bounds in seconds, rising. */
export function quickHistogram<Label extends string>(
  registry: Registry,
  described: Described<Label> & { readonly buckets: readonly number[] },
): QuickHistogram<Label> {
  const { name, buckets } = described;
  const known = seriesOf(described, (): Buckets => ({ counts: buckets.map(() => 0), sum: 0, count: 0 }));
  const observe = (kept: Buckets, seconds: number): void => {
    kept.sum += seconds;
    kept.count += 1;
    const at = buckets.findIndex((bound) => seconds <= bound);
    if (at >= 0) kept.counts[at]! += 1;
  };
  const values = (): Value[] =>
    known.all().flatMap(({ labels, kept }) => {
      let below = 0;
      const counted = buckets.map((le, at) => {
        below += kept.counts[at] ?? 0;
        return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
      });
      return [
        ...counted,
        { metricName: `${name}_bucket`, labels: { le: '+Inf', ...labels }, value: kept.count },
        { metricName: `${name}_sum`, labels, value: kept.sum },
        { metricName: `${name}_count`, labels, value: kept.count },
      ];
    });
  expose(registry, described, { type: 'histogram', values });
  return {
    series(labels) {
      const kept = known.find(labels);
      return (seconds) => observe(kept, seconds);
    },
    startTimer() {
      const startedAt = performance.now();
      return (labels) => observe(known.find(labels), (performance.now() - startedAt) / 1000);
    },
  };
}

function seriesOf<Label extends string, Kept>(described: Described<Label>, begin: () => Kept) {
  const series = new Map<string, { readonly labels: Labels<Label>; readonly kept: Kept }>();
  return {
    find(labels: Labels<Label>): Kept {
      let key = '';
      for (const label of described.labels) key += `${labels[label]}\0`;
      let found = series.get(key);
      if (!found) series.set(key, (found = { labels: { ...labels }, kept: begin() }));
      return found.kept;
    },
    all: () => [...series.values()],
  };
}

/** The registry asks a metric for nothing but its name and, at each reading, its values. */
function expose(
  registry: Registry,
  { name, help }: Described<string>,
  { type, values }: { readonly type: 'counter' | 'histogram'; readonly values: () => readonly Value[] },
): void {
  const metric = { name, help, type, get: async () => ({ name, help, type, values: values() }) };
  registry.registerMetric(metric as unknown as Metric);
}
