import { unsafeCSS, type CSSResult } from 'lit';
import { themeDefaults } from './properties.ts';

const aliases = Object.entries(themeDefaults)
  .map(([name, value]) => `--_${name}: var(--cf-${name}, ${value});`)
  .join('\n');

/**
 * Style of `:host` that resolves every public `--cf-x` into the private `--_x` the elements draw with, so
 * that a host may set a public one on any ancestor and the default stays in one place.
 */
export const tokens: CSSResult = unsafeCSS(`:host { ${aliases} }`);
