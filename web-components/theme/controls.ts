import { css, type CSSResult } from 'lit';

/** Buttons, key hints, chips and text fields. */
export const controls: CSSResult = css`
  button,
  textarea,
  input {
    font: inherit;
    color: inherit;
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: calc(var(--_space) * 2);
    min-block-size: var(--_control-height);
    padding-block: 0;
    padding-inline: calc(var(--_space) * 3.5);
    border: var(--_border-width) solid var(--_border-control);
    border-radius: var(--_radius);
    background: var(--_surface);
    cursor: pointer;
    white-space: nowrap;
    transition:
      background var(--_motion),
      border-color var(--_motion);
  }
  button:hover {
    background: var(--_surface-hover);
  }
  button.filled {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
    font-weight: var(--_weight-strong);
  }
  button.filled:hover {
    border-color: var(--_accent-hover);
    background: var(--_accent-hover);
  }
  button.danger {
    border-color: var(--_bad);
    color: var(--_bad);
  }
  button.danger:hover {
    background: var(--_bad-soft);
  }
  button.plain {
    min-block-size: 28px;
    padding-inline: calc(var(--_space) * 2);
    border-color: transparent;
    background: none;
    color: var(--_text-muted);
  }
  button.plain:hover {
    background: var(--_surface-sunken);
    color: var(--_text);
  }
  button:disabled {
    border-color: var(--_border);
    background: var(--_surface-sunken);
    color: var(--_text-muted);
    cursor: not-allowed;
  }
  kbd {
    display: inline-grid;
    place-items: center;
    min-inline-size: 18px;
    block-size: 18px;
    padding-inline: 4px;
    border: 1px solid currentcolor;
    border-radius: 4px;
    font-family: inherit;
    font-size: 11px;
    font-weight: 400;
    line-height: 1;
  }
  @media (hover: none) and (pointer: coarse) {
    kbd {
      display: none;
    }
  }
  .chip {
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 4px;
    max-inline-size: 100%;
    min-block-size: 20px;
    padding-inline: 8px;
    border-radius: var(--_radius-chip);
    background: var(--_surface-sunken);
    color: var(--_text-muted);
    font-size: var(--_size-small);
    font-weight: var(--_weight-strong);
    line-height: 16px;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .chip.ok {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  .chip.warn {
    background: var(--_warn-soft);
    color: var(--_warn);
  }
  .chip.bad {
    background: var(--_bad-soft);
    color: var(--_bad);
  }
  .chip.info {
    background: var(--_info-soft);
    color: var(--_info);
  }
  .dot {
    inline-size: 8px;
    block-size: 8px;
    flex: none;
    border-radius: 50%;
    background: var(--_text-muted);
  }
  .dot.ok {
    background: var(--_ok);
  }
  .dot.warn {
    background: var(--_warn);
  }
  .dot.bad {
    background: var(--_bad);
  }
  .dot.info {
    background: var(--_info);
  }
  textarea,
  input[type='text'] {
    inline-size: 100%;
    padding-block: 7px;
    padding-inline: 10px;
    border: var(--_border-width) solid var(--_border-control);
    border-radius: var(--_radius);
    background: var(--_surface);
    resize: vertical;
  }
  textarea:focus-visible,
  input[type='text']:focus-visible {
    outline-offset: -1px;
  }
  @media (forced-colors: active) {
    .chip,
    .dot {
      border: 1px solid CanvasText;
    }
  }
`;
