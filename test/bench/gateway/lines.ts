import { machine, median, rounded } from '../rounds.ts';
import { ours, type Contender } from './contenders.ts';
import type { Measured } from './loader.ts';
import { pinning } from './processes.ts';

/** One gateway measured at one operation in one round. */
export interface Sample {
  readonly round: number;
  readonly contender: string;
  readonly operation: string;
  readonly measured: Measured;
  /** The part of the time in which the gateway's process was computing; undefined where the system does not tell. */
  readonly gatewayBusy: number | undefined;
  readonly subgraphsBusy: number;
  readonly memoryMegabytes: number | undefined;
  readonly callsPerRequest: number;
  /** Processor time of the gateway's process for one request; undefined as above. */
  readonly cpuMicroseconds: number | undefined;
}

interface Shown {
  readonly milliseconds: number;
  readonly connections: number;
  readonly peers: readonly Contender[];
  readonly operations: readonly { readonly name: string }[];
}

/** One line for each peer and operation; ratios are taken within each round, so that both sides had the same weather. */
export function benchLines(samples: readonly Sample[], shown: Shown): object[] {
  return shown.operations.flatMap((operation) =>
    shown.peers.flatMap((peer) => {
      const of = (name: string) =>
        samples.filter((one) => one.contender === name && one.operation === operation.name);
      const us = of(ours[peer.deduplication].name);
      const them = of(peer.name);
      return us.length === 0 || them.length === 0
        ? []
        : [lineOf({ operation: operation.name, peer, us, them, shown })];
    }),
  );
}

interface Pair {
  readonly operation: string;
  readonly peer: Contender;
  readonly us: readonly Sample[];
  readonly them: readonly Sample[];
  readonly shown: Shown;
}

function lineOf({ operation, peer, us, them, shown }: Pair): object {
  const ratios = ratiosOf(us, them, (one) => one.measured.perSecond);
  const p99 = (one: Sample) => one.measured.p99;
  return {
    bench: 'gateway',
    operation,
    peer: peer.name,
    deduplication: peer.deduplication,
    unit: 'requests/s',
    crossfoot: middle(us, (one) => one.measured.perSecond),
    denominator: middle(them, (one) => one.measured.perSecond),
    ratio: rounded(median(ratios)),
    ratios: ratios.map(rounded),
    p99Milliseconds: {
      crossfoot: middle(us, p99),
      denominator: middle(them, p99),
      ratio: rounded(median(ratiosOf(us, them, p99))),
    },
    crossfootUse: useOf(us),
    denominatorUse: useOf(them),
    denominatorIs: peer.is,
    connections: shown.connections,
    rounds: ratios.length,
    milliseconds: shown.milliseconds,
    pinned: pinning,
    ...machine,
  };
}

function useOf(samples: readonly Sample[]): object {
  return {
    cpuMicroseconds: middle(samples, (one) => one.cpuMicroseconds),
    gatewayBusy: middle(samples, (one) => one.gatewayBusy),
    loaderBusy: middle(samples, (one) => one.measured.busy),
    subgraphsBusy: middle(samples, (one) => one.subgraphsBusy),
    memoryMegabytes: middle(samples, (one) => one.memoryMegabytes),
    callsPerRequest: middle(samples, (one) => one.callsPerRequest),
  };
}

function middle(samples: readonly Sample[], figure: (one: Sample) => number | undefined): number | undefined {
  const figures = samples.map(figure).filter((one) => one !== undefined);
  return figures.length === 0 ? undefined : rounded(median(figures));
}

function ratiosOf(us: readonly Sample[], them: readonly Sample[], figure: (one: Sample) => number): number[] {
  return us.flatMap((one) => {
    const other = them.find(({ round }) => round === one.round);
    return other ? [figure(one) / figure(other)] : [];
  });
}
