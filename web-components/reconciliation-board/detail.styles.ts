import { css } from 'lit';

/** How a line with its match and candidates looks. */
export const detailStyles = css`
  .line-head {
    display: grid;
    gap: 4px;
  }
  .line-title {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
  }
  .line-amount {
    font-family: var(--_font-figures);
    font-size: var(--_size-figure);
    font-weight: var(--_weight-strong);
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.02em;
    line-height: 32px;
  }
  .remittance {
    overflow-wrap: anywhere;
  }
  .line-head .notice {
    margin-block-start: 8px;
  }
  h4 {
    display: flex;
    align-items: center;
    gap: 8px;
    margin: 0;
    font-size: var(--_size-small);
    font-weight: var(--_weight-strong);
    line-height: 20px;
  }
  .match-card {
    display: grid;
    gap: 12px;
    padding: 12px 14px;
    border: var(--_border-width) solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
  }
  .match-card h3 {
    font-size: var(--_size-small);
  }
  .paid li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 12px;
    padding-block: 6px;
    border-block-start: 1px solid var(--_border);
  }
  .paid .amount {
    display: grid;
    align-content: start;
  }
  .item {
    display: grid;
    min-inline-size: 0;
  }
  .candidates,
  .offered {
    display: grid;
    margin-inline: -8px;
  }
  .offer {
    display: grid;
    grid-template-columns: 20px minmax(0, 1fr) auto;
    align-items: center;
    justify-content: stretch;
    gap: 10px;
    inline-size: 100%;
    min-block-size: 44px;
    padding-block: 6px;
    padding-inline: 8px;
    border-color: transparent;
    background: none;
    text-align: start;
    white-space: normal;
  }
  .offer:hover {
    background: var(--_surface-hover);
  }
  .offer kbd,
  .offer .plus {
    color: var(--_text-muted);
  }
  .offer .amount {
    font-weight: 400;
  }
  .offer .amount.same {
    color: var(--_ok);
    font-weight: var(--_weight-strong);
  }
  .pays {
    display: grid;
    justify-items: end;
  }
  @container (max-width: 479px) {
    .line-amount {
      font-size: 18px;
      line-height: 24px;
    }
  }
  .candidates .why {
    color: var(--_text-muted);
  }
`;
