import { css } from 'lit';

/** How an exception, its ways out and the forms about it look. */
export const exceptionStyles = css`
  .exception {
    display: grid;
    gap: 10px;
    padding: 12px 14px;
    border: var(--_border-width) solid var(--_border);
    border-inline-start: 3px solid var(--_warn);
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
  }
  .exception h4 {
    flex-wrap: wrap;
    row-gap: 4px;
  }
  .exception .reason {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--_warn);
  }
  .exception .chip:not(.bad, .warn) {
    background: var(--_surface);
  }
  .exception .candidates {
    gap: 4px;
    margin-inline: 0;
  }
  .exception .offer {
    border-color: var(--_border);
    background: var(--_surface);
  }
  .exception .offer:hover {
    border-color: var(--_border-control);
    background: var(--_surface-hover);
  }
  .exception li:first-child > .offer {
    border-color: var(--_accent);
  }
  .exception .pays {
    text-align: end;
  }
  .owner,
  .note,
  .said p:first-child {
    display: flex;
    align-items: flex-start;
    gap: 6px;
  }
  .owner {
    align-items: center;
  }
  .note {
    color: var(--_info);
  }
  .talk {
    display: flex;
    flex-wrap: wrap;
    gap: 2px;
    margin-inline: -8px;
  }
  .said {
    display: grid;
    gap: 10px;
    padding-block-start: 10px;
    border-block-start: 1px solid var(--_border);
  }
  .said .words {
    padding-inline-start: 20px;
    overflow-wrap: anywhere;
    white-space: pre-line;
  }
  .ask .day {
    display: flex;
    align-items: center;
    gap: 8px;
    color: var(--_text-muted);
  }
  input[type='date'] {
    min-block-size: var(--_control-height);
    padding-inline: 8px;
    border: var(--_border-width) solid var(--_border-control);
    border-radius: var(--_radius);
    background: var(--_surface);
    color: var(--_text);
  }
  .back-test {
    display: grid;
    gap: 4px;
  }
  .back-test .stack {
    display: grid;
    overflow: hidden;
    border-radius: 4px;
    background: var(--_border);
  }
  .back-test .stack svg {
    grid-area: 1 / 1;
    inline-size: 100%;
    block-size: 8px;
  }
  .back-test p,
  .back-test span {
    display: flex;
    align-items: center;
    gap: 4px 12px;
  }
  .back-test span {
    gap: 4px;
  }
  .back-test .ok {
    color: var(--_ok);
  }
  .back-test .bad {
    color: var(--_bad);
  }
  .examples li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto auto;
    gap: 12px;
    padding-block: 3px;
    border-block-start: 1px solid var(--_border);
  }
`;
