import { svg, html, type SVGTemplateResult, type TemplateResult } from 'lit';

const paths = {
  check: svg`<path d="M3.5 8.5l3 3 6-7"/>`,
  cross: svg`<path d="M4 4l8 8M12 4l-8 8"/>`,
  clock: svg`<circle cx="8" cy="8" r="5.75"/><path d="M8 5v3.2l2 1.3"/>`,
  lock: svg`<rect x="3.5" y="7" width="9" height="6" rx="1.5"/><path d="M5.5 7V5.2a2.5 2.5 0 0 1 5 0V7"/>`,
  warning: svg`<path d="M8 2.6l5.8 10.2H2.2z"/><path d="M8 6.6v2.8M8 11.1v.1"/>`,
  cloud: svg`<path d="M4.6 12.2a2.9 2.9 0 0 1-.2-5.8 3.8 3.8 0 0 1 7.3.6 2.6 2.6 0 0 1-.3 5.2z"/><path d="M3 3l10 10"/>`,
  inbox: svg`<path d="M2.5 9l1.8-5.2h7.4L13.5 9v3.5h-11z"/><path d="M2.5 9h3.2l.9 1.6h2.8l.9-1.6h3.2"/>`,
  receipt: svg`<path d="M4 2.5h8v11l-2-1.2-2 1.2-2-1.2-2 1.2z"/><path d="M6 5.5h4M6 8h4"/>`,
  bank: svg`<path d="M2.5 6.2L8 3l5.5 3.2zM3 13h10M4.5 6.5V11M8 6.5V11M11.5 6.5V11"/>`,
  link: svg`<path d="M6.8 9.2l2.4-2.4M7.4 5l1.1-1.1a2.5 2.5 0 0 1 3.6 3.6L11 8.6M8.6 11l-1.1 1.1a2.5 2.5 0 0 1-3.6-3.6L5 7.4"/>`,
  arrow: svg`<path d="M3 8h9.5M9 4.5L12.5 8 9 11.5"/>`,
  sync: svg`<path d="M3.2 7a5 5 0 0 1 8.6-2.4L13 6M12.8 9a5 5 0 0 1-8.6 2.4L3 10M13 3v3h-3M3 13v-3h3"/>`,
  shield: svg`<path d="M8 2.3l4.8 1.8v3.6c0 3-2 5-4.8 6-2.8-1-4.8-3-4.8-6V4.1z"/><path d="M5.8 8l1.6 1.6 2.9-3.2"/>`,
  person: svg`<circle cx="8" cy="5.6" r="2.4"/><path d="M3.4 13c.5-2.6 2.3-4 4.6-4s4.1 1.4 4.6 4"/>`,
  book: svg`<path d="M3.5 3.2h3A1.8 1.8 0 0 1 8 4.6a1.8 1.8 0 0 1 1.5-1.4h3v9h-3A1.8 1.8 0 0 0 8 13.4a1.8 1.8 0 0 0-1.5-1.2h-3z"/><path d="M8 4.6v8.6"/>`,
  spark: svg`<path d="M8 2.5l1.4 4.1 4.1 1.4-4.1 1.4L8 13.5 6.6 9.4 2.5 8l4.1-1.4z"/>`,
  comment: svg`<path d="M3 3.5h10v7H7.5L4.8 13v-2.5H3z"/>`,
  file: svg`<path d="M4.5 2.5h4.5l3 3v8h-7.5z"/><path d="M9 2.5v3h3"/>`,
  plus: svg`<path d="M8 3.5v9M3.5 8h9"/>`,
  split: svg`<path d="M8 13V8.5L3.5 4M8 8.5L12.5 4M3.5 7V4h3M9.5 4h3v3"/>`,
  merge: svg`<path d="M8 3v4.5L3.5 12M8 7.5l4.5 4.5M5.8 5.2L8 3l2.2 2.2"/>`,
  undo: svg`<path d="M5.5 3.5L2.5 6.5l3 3"/><path d="M2.5 6.5h7a3.5 3.5 0 0 1 0 7H6"/>`,
  pen: svg`<path d="M3 13l.7-3L10.5 3.2a1.4 1.4 0 0 1 2 0l.3.3a1.4 1.4 0 0 1 0 2L6 12.3z"/>`,
  search: svg`<circle cx="7" cy="7" r="4.25"/><path d="M10.2 10.2L13.5 13.5"/>`,
} satisfies Record<string, SVGTemplateResult>;

/** The name of a drawn icon. */
export type IconName = keyof typeof paths;

/** A 16 px line icon in the colour of its text; it says nothing to a screen reader, the words beside it do. */
export function icon(name: IconName, size = 16): TemplateResult {
  return html`<svg
    width=${size}
    height=${size}
    viewBox="0 0 16 16"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${paths[name]}
  </svg>`;
}
