import { css, type CSSResult } from 'lit';

/** Box model, type, focus ring, panel with header, body and footer: what every element draws with. */
export const foundation: CSSResult = css`
  :host {
    display: block;
    container-type: inline-size;
    min-inline-size: 0;
    color: var(--_text);
    font-family: var(--_font);
    font-size: var(--_size-body);
    line-height: 20px;
    text-align: start;
    -webkit-font-smoothing: antialiased;
  }
  :host([hidden]) {
    display: none;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h2,
  h3,
  p,
  ul,
  ol,
  dl,
  dd,
  figure {
    margin: 0;
    padding: 0;
  }
  ul,
  ol {
    list-style: none;
  }
  h2,
  h3 {
    font-size: var(--_size-title);
    font-weight: var(--_weight-strong);
    line-height: 20px;
  }
  svg {
    display: block;
    flex: none;
  }
  :focus-visible {
    outline: 2px solid var(--_focus);
    outline-offset: 2px;
  }
  .panel {
    display: flex;
    flex-direction: column;
    min-block-size: 0;
    block-size: 100%;
    overflow: clip;
    background: var(--_surface);
    border: var(--_border-width) solid var(--_border);
    border-radius: var(--_radius-panel);
    box-shadow: var(--_shadow);
  }
  .panel-header {
    display: flex;
    flex: none;
    align-items: center;
    gap: calc(var(--_space) * 2);
    min-block-size: 48px;
    padding-block: calc(var(--_space) * 2);
    padding-inline: var(--_padding);
    border-block-end: var(--_border-width) solid var(--_border);
  }
  .panel-header h2 {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .panel-body {
    flex: 1 1 auto;
    min-block-size: 0;
    overflow-y: auto;
    overscroll-behavior: contain;
    scrollbar-width: thin;
    scrollbar-color: var(--_border) transparent;
  }
  .panel-footer {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    align-items: center;
    gap: calc(var(--_space) * 2);
    padding-block: calc(var(--_space) * 2.5);
    padding-inline: var(--_padding);
    border-block-start: var(--_border-width) solid var(--_border);
  }
  .grow {
    flex: 1 1 auto;
  }
  .muted {
    color: var(--_text-muted);
  }
  .small {
    font-size: var(--_size-small);
    line-height: 16px;
  }
  .strong {
    font-weight: var(--_weight-strong);
  }
  .count {
    color: var(--_text-muted);
    font-variant-numeric: tabular-nums;
  }
  .figures {
    font-variant-numeric: tabular-nums;
  }
  .mono {
    font-family: var(--_font-mono);
    font-size: var(--_size-small);
    line-height: 16px;
  }
  .clip {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .unseen {
    position: absolute;
    inline-size: 1px;
    block-size: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (forced-colors: active) {
    .panel {
      border-color: CanvasText;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation-duration: 1ms !important;
      animation-iteration-count: 1 !important;
      transition-duration: 1ms !important;
    }
  }
  @media print {
    .panel-body {
      overflow: visible;
    }
  }
`;
