import { z } from 'zod';
import type { WireMoney } from '#kernel/events';
import type { Money } from '#kernel/money';

/** The schema of an amount as events carry it: minor units as text, because JSON has no bigint. */
export const wireMoney = () =>
  z.object({ minor: z.string().regex(/^-?\d{1,19}$/), currency: z.string().length(3) });

/** An amount of an event as Money. */
export function fromWire({ minor, currency }: WireMoney): Money {
  return { minor: BigInt(minor), currency };
}

/** An amount for an event. */
export function toWire({ minor, currency }: Money): WireMoney {
  return { minor: String(minor), currency };
}
