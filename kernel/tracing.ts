import type { Attributes, Span as SdkSpan, SpanContext } from '@opentelemetry/api';
import type { BasicTracerProvider } from '@opentelemetry/sdk-trace-base';
import type { Log } from '#kernel/log';
import { sleep } from '#kernel/sleep';

const farewellMilliseconds = 3_000;

/** Facts of a span: names and figures, never variables, tokens or personal data. */
export type SpanFacts = Attributes;

/** Where a trace stands: its id and the span within it under which the next one belongs. */
export interface TracePlace {
  /** 32 hexadecimal digits. */
  readonly traceId?: string | undefined;
  /** 16 hexadecimal digits; missing where the trace begins or nothing of it is recorded. */
  readonly spanId?: string | undefined;
}

/** A stretch of work under way. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  set(facts: SpanFacts): void;
  /** Something that happened within it, now. */
  event(name: string, facts: SpanFacts): void;
  /** Says that it failed, with a code and without the message, which may quote input. */
  fail(code: string): void;
  /** Ends it; `at` is an instant in milliseconds since 1970, now unless said. */
  end(at?: number): void;
}

/** The code of an error for a span that failed with it. */
export function failureCode(error: { readonly extensions?: Readonly<Record<string, unknown>> }): string {
  const code = error.extensions?.['code'];
  return typeof code === 'string' ? code : 'INTERNAL';
}

/** How a span begins. */
export interface SpanStart {
  readonly kind?: 'internal' | 'server' | 'client';
  readonly facts?: SpanFacts;
  /** Instant in milliseconds since 1970, now unless said. */
  readonly startedAt?: number;
  /** Spans of other traces it has to do with. */
  readonly links?: readonly TracePlace[];
}

/** Records what happens when, for an OpenTelemetry collector. */
export interface Tracing {
  /**
   * Begins the first span of a trace in this installation, under the given trace id; `parent` is the caller's own place,
   * and `sampled` what the caller decided. Undefined when the sampler leaves the trace out.
   */
  begin(name: string, root: RootStart): Span | undefined;
  /** Begins a span under another one; undefined when nothing of that trace is recorded. */
  under(place: TracePlace | undefined, name: string, start?: SpanStart): Span | undefined;
  /** Hands over what is still held; resolves also when the collector does not answer. */
  stop(): Promise<void>;
}

/** How the first span of a trace begins. */
export interface RootStart extends SpanStart {
  readonly traceId: string;
  readonly parent?: { readonly spanId: string; readonly sampled: boolean } | undefined;
}

/** Where spans go. */
export interface TracingOptions {
  /** The collector's address for traces, as OTLP over HTTP with JSON. */
  readonly url: string;
  /** The name under which this process appears. */
  readonly serviceName: string;
}

/**
 * Starts to record, or answers undefined where no collector is configured: then nothing of it is even loaded. Sampling,
 * batches, headers and timeouts follow the standard variables OTEL_….
 */
export async function startTracing(
  options: TracingOptions | undefined,
  log: Log,
): Promise<Tracing | undefined> {
  if (!options) return undefined;
  const [api, sdk, { OTLPTraceExporter }] = await Promise.all([
    import('@opentelemetry/api'),
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
  ]);
  const problem = (text: string): void => log.warn({ problem: text.slice(0, 500) }, 'traces cannot be sent');
  const silent = () => undefined;
  api.diag.setLogger(
    { error: problem, warn: problem, info: silent, debug: silent, verbose: silent },
    { logLevel: api.DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const random = new sdk.RandomIdGenerator();
  let nextTraceId: string | undefined;
  const provider = new sdk.BasicTracerProvider({
    resource: resourceOf(options.serviceName),
    idGenerator: {
      // The trace id clients were given, not one of its own.
      generateTraceId: () => nextTraceId ?? random.generateTraceId(),
      generateSpanId: () => random.generateSpanId(),
    },
    spanProcessors: [new sdk.BatchSpanProcessor(new OTLPTraceExporter({ url: options.url }))],
  });
  const tracer = provider.getTracer('crossfoot');
  const kinds = {
    internal: api.SpanKind.INTERNAL,
    server: api.SpanKind.SERVER,
    client: api.SpanKind.CLIENT,
  } as const;
  const start = (name: string, how: SpanStart, parent: SpanContext | undefined): Span | undefined => {
    const context = parent ? api.trace.setSpanContext(api.ROOT_CONTEXT, parent) : api.ROOT_CONTEXT;
    const span = tracer.startSpan(
      name,
      {
        kind: kinds[how.kind ?? 'internal'],
        attributes: how.facts,
        startTime: how.startedAt,
        links: (how.links ?? [])
          .flatMap((place) => contextOf(place, true) ?? [])
          .map((one) => ({ context: one })),
      },
      context,
    );
    return span.isRecording() ? recorded(span, api.SpanStatusCode.ERROR) : undefined;
  };
  return {
    begin(name, { traceId, parent, ...how }) {
      nextTraceId = traceId;
      const span = start(name, how, parent && contextOf({ traceId, spanId: parent.spanId }, parent.sampled));
      nextTraceId = undefined;
      return span;
    },
    under(place, name, how = {}) {
      const parent = place && contextOf(place, true);
      return parent && start(name, how, parent);
    },
    stop: () => farewell(provider, problem),
  };
}

/** The library tries to send for longer than whoever stops a process will wait. */
async function farewell(provider: BasicTracerProvider, problem: (text: string) => void): Promise<void> {
  const late = new AbortController();
  const ended = provider
    .shutdown()
    .catch((error: unknown) => problem(String(error)))
    .finally(() => late.abort());
  const waited = sleep(farewellMilliseconds, late.signal).then(() => {
    if (!late.signal.aborted) problem('the collector did not take the last spans in time');
  });
  await Promise.race([ended, waited]);
}

function contextOf({ traceId, spanId }: TracePlace, sampled: boolean): SpanContext | undefined {
  return traceId && spanId ? { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true } : undefined;
}

function recorded(span: SdkSpan, failed: number): Span {
  const { traceId, spanId } = span.spanContext();
  return {
    traceId,
    spanId,
    set: (facts) => void span.setAttributes(facts),
    event: (name, facts) => void span.addEvent(name, facts),
    fail: (code) => void span.setStatus({ code: failed, message: code }).setAttribute('error.type', code),
    end: (at) => span.end(at),
  };
}

type Resource = NonNullable<NonNullable<ConstructorParameters<typeof BasicTracerProvider>[0]>['resource']>;

/** The one fact collectors sort by; what a library would find out about the machine is the collector's to add. */
function resourceOf(serviceName: string): Resource {
  const attributes: Attributes = { 'service.name': serviceName, 'service.namespace': 'crossfoot' };
  const resource: Resource = {
    attributes,
    merge: () => resource,
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
}
