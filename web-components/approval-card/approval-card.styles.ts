import { css } from 'lit';

export const approvalCardStyles = css`
  .bench {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    min-block-size: 100%;
  }
  .desk {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: calc(var(--_space) * 3);
    padding: var(--_padding);
    background: var(--_surface-sunken);
  }
  .paper {
    display: grid;
    gap: 4px;
    padding: 20px 18px;
    border-radius: 4px;
    background: var(--_paper);
    box-shadow:
      0 1px 2px rgb(0 0 0 / 12%),
      0 6px 18px rgb(0 0 0 / 6%);
    color: var(--_paper-text);
    font-size: var(--_size-small);
    line-height: 18px;
  }
  .paper .letterhead mark,
  .paper .sum mark {
    margin-inline: -3px;
  }
  .paper .letterhead {
    font-size: 16px;
    font-weight: var(--_weight-strong);
    line-height: 24px;
    overflow-wrap: anywhere;
  }
  .paper .faint,
  .paper figcaption {
    color: var(--_paper-muted);
  }
  .paper figcaption {
    margin-block-start: 10px;
    padding-block-start: 8px;
    border-block-start: 1px dashed rgb(0 0 0 / 18%);
  }
  .paper ul {
    display: grid;
    gap: 2px;
    margin-block: 10px 4px;
  }
  .paper li,
  .paper .sum {
    display: flex;
    align-items: baseline;
    gap: 6px;
    font-variant-numeric: tabular-nums;
  }
  .paper i {
    flex: 1 1 12px;
    border-block-end: 1px dotted rgb(0 0 0 / 30%);
  }
  .paper .total {
    font-weight: var(--_weight-strong);
  }
  .paper mark {
    padding-inline: 3px;
    margin-inline: 1px -3px;
    border-radius: 3px;
    background: var(--_highlight);
    box-shadow: inset 0 0 0 1px var(--_highlight-border);
    color: inherit;
    transition: box-shadow var(--_motion);
  }
  .paper mark.lit {
    box-shadow: inset 0 0 0 2px var(--_paper-text);
  }
  .sheet {
    display: grid;
    align-content: start;
    gap: calc(var(--_space) * 3.5);
    min-inline-size: 0;
    padding: var(--_padding);
  }
  .headline {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 4px 12px;
  }
  .total-amount {
    font-family: var(--_font-figures);
    font-size: var(--_size-amount);
    font-weight: var(--_weight-strong);
    font-variant-numeric: tabular-nums;
    letter-spacing: -0.02em;
    line-height: 36px;
  }
  .facts > div {
    display: grid;
    grid-template-columns: 72px minmax(0, 1fr) auto;
    align-items: start;
    column-gap: 8px;
    margin-inline: -8px;
    padding: 4px 8px;
    border-radius: 6px;
  }
  .facts > div.lit {
    background: var(--_surface-selected);
  }
  .facts dt {
    color: var(--_text-muted);
  }
  .facts dd {
    overflow-wrap: anywhere;
  }
  .facts .origin {
    max-inline-size: 132px;
  }
  .booking {
    inline-size: 100%;
    border-collapse: collapse;
    font-size: 13px;
  }
  .booking caption {
    padding-block-end: 4px;
    text-align: start;
  }
  .booking td {
    padding-block: 5px;
    border-block-start: 1px solid var(--_border);
    vertical-align: top;
  }
  .booking td + td {
    padding-inline-start: 8px;
    text-align: end;
    white-space: nowrap;
  }
  .booking .credit {
    padding-inline-start: 16px;
  }
  .chain {
    display: grid;
  }
  .chain li {
    position: relative;
    display: grid;
    grid-template-columns: 22px minmax(0, 1fr) auto;
    column-gap: 8px;
    padding-block: 5px;
  }
  .chain li > svg {
    position: relative;
    z-index: 1;
    inline-size: 22px;
    block-size: 22px;
    padding: 4px;
    border-radius: 50%;
    background: var(--_surface-sunken);
    color: var(--_text-muted);
  }
  .chain li:not(:last-child)::after {
    position: absolute;
    inset-block: 26px -6px;
    inset-inline-start: 10px;
    inline-size: 2px;
    background: var(--_border);
    content: '';
  }
  .chain .ok > svg {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  .chain .bad > svg {
    background: var(--_bad-soft);
    color: var(--_bad);
  }
  .chain .due > svg {
    background: var(--_warn-soft);
    color: var(--_warn);
  }
  .chain .later {
    color: var(--_text-muted);
  }
  .chain q {
    display: block;
    color: var(--_text-muted);
  }
  .comment {
    display: grid;
    gap: 6px;
    inline-size: 100%;
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
  .decided.bad {
    color: var(--_bad);
  }
  .settled {
    animation: arrive 2.4s ease-out;
  }
  @container (min-width: 560px) {
    .bench {
      grid-template-columns: minmax(220px, 2fr) minmax(0, 3fr);
    }
    .desk {
      border-inline-end: var(--_border-width) solid var(--_border);
    }
    .paper {
      position: sticky;
      inset-block-start: var(--_padding);
    }
  }
  @container (max-width: 360px) {
    .facts > div {
      grid-template-columns: minmax(0, 1fr) auto;
    }
    .facts dt {
      grid-column: 1 / -1;
      font-size: var(--_size-small);
    }
  }
`;
