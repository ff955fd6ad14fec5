import { css } from 'lit';

/** How the forms and the help of the board look. */
export const composeStyles = css`
  .compose {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    min-block-size: 0;
  }
  .merged li {
    display: flex;
    justify-content: space-between;
    gap: 12px;
    padding-block: 2px;
  }
  .shares {
    display: grid;
    margin-block-start: -8px;
  }
  .shares li {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) 132px;
    align-items: center;
    gap: 2px 10px;
    padding-block: 8px;
    border-block-end: 1px solid var(--_border);
  }
  .shares .drop {
    inline-size: 28px;
    padding: 0;
    margin-inline-start: -6px;
  }
  .share {
    display: grid;
    justify-items: end;
  }
  .share input {
    min-block-size: 32px;
    padding-block: 4px;
    font-variant-numeric: tabular-nums;
    text-align: end;
  }
  .share input[aria-invalid='true'] {
    border-color: var(--_bad);
  }
  .fault {
    grid-column: 2 / -1;
    color: var(--_bad);
    text-align: end;
  }
  .to-account {
    display: flex;
    align-items: center;
    gap: 6px;
    color: var(--_text-muted);
  }
  .to-account input {
    inline-size: 96px;
    min-block-size: 32px;
    padding-block: 4px;
    color: var(--_text);
  }
  .offered .none {
    padding: 8px;
  }
  .ask {
    display: grid;
    gap: 8px;
  }
  .ask .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .fields {
    display: grid;
    grid-template-columns: minmax(96px, 1fr) minmax(0, 3fr);
    gap: 10px;
  }
  .field {
    display: grid;
    gap: 2px;
    color: var(--_text-muted);
  }
  .field input {
    color: var(--_text);
    font-size: var(--_size-body);
  }
  .ask.bulk {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 6px 16px;
  }
  .bulk label {
    flex: 1 1 100%;
  }
  .bulk p {
    flex: 1 1 auto;
  }
  .slide {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .slide input {
    inline-size: 240px;
    min-inline-size: 0;
    accent-color: var(--_accent);
  }
  progress {
    inline-size: 100%;
    accent-color: var(--_accent);
  }
  .help {
    inline-size: min(480px, calc(100vw - 32px));
    max-block-size: calc(100vh - 32px);
    padding: 0;
    overflow: auto;
    border: var(--_border-width) solid var(--_border);
    border-radius: var(--_radius-panel);
    background: var(--_surface);
    color: var(--_text);
  }
  .help::backdrop {
    background: rgb(10 14 20 / 45%);
  }
  .help header {
    display: flex;
    align-items: center;
    justify-content: space-between;
    padding-block: 8px;
    padding-inline: var(--_padding) 8px;
    border-block-end: var(--_border-width) solid var(--_border);
  }
  .key-groups {
    display: grid;
    gap: 12px;
    padding: 12px var(--_padding) var(--_padding);
  }
  .key-groups h4 {
    color: var(--_text-muted);
  }
  .help dl {
    display: grid;
  }
  .help dl div {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    padding-block: 5px;
  }
  .help dd {
    display: flex;
    gap: 4px;
    margin: 0;
    color: var(--_text-muted);
  }
`;
