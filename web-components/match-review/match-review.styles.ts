import { css } from 'lit';

/** How difference, evidence and rivals look, wherever they are drawn. */
export const evidenceStyles = css`
  .difference {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-block: 8px;
    border-block: 1px solid var(--_border);
  }
  .evidence,
  .rivals {
    display: grid;
    gap: 8px;
  }
  .bar {
    display: flex;
    gap: 3px;
  }
  .bar svg {
    flex: 1 1 0;
    inline-size: 0;
    block-size: 6px;
    border-radius: 3px;
    background: var(--_border);
    color: var(--_bad);
  }
  .bar .ok {
    color: var(--_ok);
  }
  .bar .warn {
    color: var(--_warn);
  }
  .evidence li {
    display: grid;
    grid-template-columns: 8px minmax(64px, 112px) minmax(0, 1fr) auto;
    align-items: baseline;
    column-gap: 10px;
    padding-block: 4px;
  }
  .evidence .dot {
    align-self: start;
    margin-block-start: 6px;
  }
  .rivals li {
    display: flex;
    align-items: flex-start;
    justify-content: space-between;
    gap: 12px;
    padding-block: 6px;
    border-block-start: 1px solid var(--_border);
  }
  .rivals li > span:first-child {
    display: grid;
  }
  @container (max-width: 419px) {
    .evidence .detail {
      grid-column: 2 / -1;
      grid-row: 2;
    }
    .evidence li {
      grid-template-columns: 8px minmax(0, 1fr) auto;
    }
  }
`;

/** How the rest of the review looks. */
export const matchReviewStyles = css`
  .content {
    display: grid;
    align-content: start;
    gap: calc(var(--_space) * 4);
    padding: var(--_padding);
  }
  .sides {
    display: grid;
    gap: calc(var(--_space) * 2);
  }
  .side {
    display: grid;
    align-content: start;
    gap: 8px;
    min-inline-size: 0;
    padding: 14px 16px;
    border: var(--_border-width) solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
  }
  .side h3 {
    display: flex;
    align-items: center;
    gap: 6px;
    font-size: var(--_size-small);
    font-weight: 400;
  }
  .side article + article {
    padding-block-start: 8px;
    border-block-start: 1px solid var(--_border);
  }
  .side p {
    overflow-wrap: anywhere;
  }
  .side .amount {
    font-size: var(--_size-figure);
    font-weight: var(--_weight-strong);
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.02em;
    line-height: 32px;
  }
  .items li {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    padding-block: 4px;
    border-block-start: 1px solid var(--_border);
    font-size: 13px;
  }
  .bond {
    display: grid;
    align-content: start;
    place-items: center;
    gap: 4px;
    color: var(--_text-muted);
  }
  form {
    display: grid;
    gap: 8px;
    inline-size: 100%;
  }
  form div {
    display: flex;
    gap: 8px;
  }
  .decided {
    display: flex;
    align-items: center;
    gap: 8px;
    min-block-size: var(--_control-height);
  }
  .decided.ok {
    color: var(--_ok);
  }
  @container (min-width: 520px) {
    .bond {
      padding-block-start: 40px;
    }
    .sides {
      grid-template-columns: minmax(0, 1fr) 64px minmax(0, 1fr);
      align-items: stretch;
    }
  }
`;
