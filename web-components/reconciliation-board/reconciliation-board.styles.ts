import { css } from 'lit';
import { evidenceStyles } from '../match-review/match-review.styles.ts';
import { composeStyles } from './compose.styles.ts';
import { detailStyles } from './detail.styles.ts';
import { exceptionStyles } from './exception.styles.ts';

const listStyles = css`
  .lines {
    position: relative;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_border-control) transparent;
    contain: strict;
  }
  .lines:focus-visible {
    outline: none;
  }
  .lines:focus-visible .row[aria-current='true'] {
    outline: 2px solid var(--_focus);
    outline-offset: -2px;
  }
  .block {
    will-change: transform;
    /* Where less motion is wished for every property gets a very short transition, and the rows would come late. */
    transition-property: none;
  }
  .row {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    column-gap: calc(var(--_space) * 3);
    block-size: 52px;
    padding-inline: var(--_padding);
    border-block-end: var(--_border-width) solid var(--_border);
    cursor: default;
    contain: strict;
  }
  .row:hover {
    background: var(--_surface-hover);
  }
  .row[aria-selected='true'] {
    background: var(--_surface-selected);
  }
  .row[aria-current='true'] {
    background: var(--_surface-selected);
    box-shadow: inset 3px 0 0 var(--_accent);
  }
  :host(:dir(rtl)) .row[aria-current='true'] {
    box-shadow: inset -3px 0 0 var(--_accent);
  }
  .row.done .what .strong,
  .row.done .amount {
    color: var(--_text-muted);
    font-weight: 400;
  }
  .row.pending .mark {
    animation: breathe 0.8s ease-in-out infinite;
  }
  .mark {
    display: grid;
    place-items: center;
    inline-size: 28px;
    block-size: 28px;
    border: var(--_border-width) solid transparent;
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
    color: var(--_text-muted);
    cursor: pointer;
  }
  .mark.info {
    background: var(--_info-soft);
    color: var(--_info);
  }
  .mark.warn {
    background: var(--_warn-soft);
    color: var(--_warn);
  }
  .mark.ok {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  .row:hover .mark {
    border-color: var(--_border-control);
  }
  .row[aria-selected='true'] .mark {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .what {
    display: grid;
    min-inline-size: 0;
  }
  .side {
    display: grid;
    justify-items: end;
    row-gap: 1px;
  }
  .amount {
    font-weight: var(--_weight-strong);
    font-variant-numeric: tabular-nums;
    text-align: end;
    white-space: nowrap;
  }
  .side .chip {
    min-block-size: 18px;
    padding-inline: 6px;
  }
  .state-word {
    color: var(--_text-muted);
  }
  .state-word.warn {
    color: var(--_warn);
  }
  .state-word.bad {
    color: var(--_bad);
  }
  .state-word svg {
    display: inline-block;
    margin-block-end: -2px;
    margin-inline-end: 3px;
  }
  .state-word.ok {
    color: var(--_ok);
  }
  .bone {
    inline-size: 60%;
    block-size: 12px;
    border-radius: 6px;
    background: var(--_surface-sunken);
  }
`;

const frameStyles = css`
  :host {
    block-size: 720px;
    max-block-size: 100vh;
  }
  button.plain:disabled {
    border-color: transparent;
    background: none;
  }
  .progress {
    inline-size: 120px;
    block-size: 6px;
    border-radius: 3px;
    background: var(--_border);
    color: var(--_ok);
  }
  :host(:dir(rtl)) .progress {
    transform: scaleX(-1);
  }
  .toolbar {
    display: flex;
    flex: none;
    align-items: center;
    gap: 4px 12px;
    padding-block: 6px;
    padding-inline: calc(var(--_padding) - 8px) var(--_padding);
    border-block-end: var(--_border-width) solid var(--_border);
  }
  .filters {
    display: flex;
    flex: 1 1 0;
    gap: 2px;
    min-inline-size: 0;
    overflow-x: auto;
    scrollbar-width: none;
  }
  .filters button:focus-visible {
    outline-offset: -2px;
  }
  .filters button {
    min-block-size: 28px;
    padding-inline: 8px;
    border-color: transparent;
    background: none;
    color: var(--_text-muted);
    font-size: var(--_size-small);
  }
  .filters button:hover {
    background: var(--_surface-sunken);
  }
  .filters button[aria-pressed='true'] {
    background: var(--_surface-sunken);
    color: var(--_text);
    font-weight: var(--_weight-strong);
  }
  .search {
    position: relative;
    display: flex;
    flex: 0 1 220px;
    align-items: center;
    gap: 8px;
    min-inline-size: 140px;
  }
  .search svg {
    position: absolute;
    inset-inline-start: 9px;
    color: var(--_text-muted);
    pointer-events: none;
  }
  input[type='search'] {
    inline-size: 100%;
    min-block-size: 30px;
    padding-block: 4px;
    padding-inline: 10px;
    border: var(--_border-width) solid var(--_border-control);
    border-radius: var(--_radius);
    background: var(--_surface);
  }
  .found {
    white-space: nowrap;
  }
  .search input[type='search'] {
    padding-inline-start: 30px;
    font-size: 13px;
  }
  ::placeholder {
    color: var(--_text-muted);
    opacity: 1;
  }
  .board {
    display: grid;
    flex: 1 1 auto;
    grid-template-rows: minmax(0, 5fr) minmax(0, 6fr);
    grid-template-columns: minmax(0, 1fr);
    min-block-size: 0;
  }
  .side-pane {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    min-inline-size: 0;
    border-block-start: var(--_border-width) solid var(--_border);
    background: var(--_surface);
  }
  .scroll {
    display: grid;
    flex: 1 1 auto;
    align-content: start;
    gap: calc(var(--_space) * 4);
    min-block-size: 0;
    padding: var(--_padding);
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_border-control) transparent;
  }
  .scroll:focus-visible {
    outline-offset: -2px;
  }
  .action-bar,
  .ask {
    flex: none;
    padding-block: calc(var(--_space) * 2.5);
    padding-inline: var(--_padding);
    border-block-start: var(--_border-width) solid var(--_border);
  }
  .action-bar {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2);
  }
  .panel-footer {
    min-block-size: 48px;
    padding-block: 6px;
  }
  .panel-footer .notice {
    flex: 1 1 100%;
  }
  .panel-footer .ask {
    inline-size: 100%;
    padding: 4px 0;
    border: 0;
  }
  @container (min-width: 720px) {
    .board {
      grid-template-rows: minmax(0, 1fr);
      grid-template-columns: minmax(320px, 9fr) minmax(0, 11fr);
    }
    .side-pane {
      border-block-start: 0;
      border-inline-start: var(--_border-width) solid var(--_border);
    }
  }
  @container (max-width: 479px) {
    .board {
      grid-template-rows: minmax(0, 2fr) minmax(0, 5fr);
    }
    .scroll {
      gap: calc(var(--_space) * 3);
    }
    .progress,
    .action-bar kbd,
    .talk kbd,
    .ask kbd,
    .panel-footer kbd {
      display: none;
    }
    .action-bar button {
      padding-inline: 10px;
    }
    .toolbar {
      flex-wrap: wrap;
    }
    .filters {
      flex-basis: 100%;
    }
    .search {
      flex: 1 1 100%;
      margin-inline-start: 8px;
    }
  }
`;

/** How the board looks. */
export const boardStyles = [
  evidenceStyles,
  frameStyles,
  listStyles,
  detailStyles,
  exceptionStyles,
  composeStyles,
];
