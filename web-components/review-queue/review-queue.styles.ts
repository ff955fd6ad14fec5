import { css } from 'lit';

export const reviewQueueStyles = css`
  .filters {
    display: flex;
    flex: none;
    gap: 2px;
    padding-block: 6px;
    padding-inline: calc(var(--_padding) - 8px);
    border-block-end: var(--_border-width) solid var(--_border);
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
  .rows:focus-visible {
    outline: none;
  }
  .rows:focus-visible .row[aria-current='true'] {
    outline: 2px solid var(--_focus);
    outline-offset: -2px;
  }
  .row {
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    column-gap: calc(var(--_space) * 3);
    padding-block: var(--_row-padding);
    padding-inline: var(--_padding);
    border-block-end: var(--_border-width) solid var(--_border);
    cursor: default;
  }
  .row:hover {
    background: var(--_surface-hover);
  }
  .row[aria-current='true'] {
    background: var(--_surface-selected);
    box-shadow: inset 3px 0 0 var(--_accent);
  }
  :host(:dir(rtl)) .row[aria-current='true'] {
    box-shadow: inset -3px 0 0 var(--_accent);
  }
  .row.arrived {
    animation: arrive 2.4s ease-out;
  }
  .mark {
    display: grid;
    place-items: center;
    inline-size: 32px;
    block-size: 32px;
    border: var(--_border-width) solid transparent;
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
    color: var(--_text-muted);
    cursor: pointer;
  }
  .row[aria-current='true'] .mark {
    background: var(--_surface);
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
    row-gap: 2px;
    min-inline-size: 0;
  }
  .amount {
    font-weight: var(--_weight-strong);
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .side {
    display: grid;
    justify-items: end;
    row-gap: 2px;
  }
  .hints {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 10px;
    color: var(--_text-muted);
    font-size: var(--_size-small);
  }
  .hints span {
    display: inline-flex;
    align-items: center;
    gap: 4px;
  }
  .panel-footer form {
    display: grid;
    gap: calc(var(--_space) * 2);
    inline-size: 100%;
  }
  .panel-footer form div {
    display: flex;
    gap: calc(var(--_space) * 2);
  }
  .panel-footer .notice {
    inline-size: 100%;
  }
  @media (forced-colors: active) {
    .row[aria-current='true'] {
      outline: 2px solid Highlight;
      outline-offset: -2px;
    }
  }
`;
