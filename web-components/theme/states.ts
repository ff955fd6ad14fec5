import { css, type CSSResult } from 'lit';

/** Skeleton, empty, failed and stale states, and the notices inside a panel. */
export const states: CSSResult = css`
  .state {
    display: grid;
    justify-items: center;
    align-content: center;
    gap: calc(var(--_space) * 1);
    min-block-size: 120px;
    padding: calc(var(--_padding) * 1.25) var(--_padding);
    text-align: center;
  }
  .state .emblem {
    display: grid;
    place-items: center;
    inline-size: 40px;
    block-size: 40px;
    margin-block-end: calc(var(--_space) * 1);
    border-radius: 50%;
    background: var(--_surface-sunken);
    color: var(--_text-muted);
  }
  .state .emblem.ok {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  .state .emblem.bad {
    background: var(--_bad-soft);
    color: var(--_bad);
  }
  .state p {
    max-inline-size: 40ch;
    text-wrap: balance;
  }
  .state button {
    margin-block-start: calc(var(--_space) * 2);
  }
  .skeleton {
    display: grid;
    gap: calc(var(--_space) * 5);
    padding: var(--_padding);
    animation: appear 1ms linear 150ms both;
  }
  .skeleton span {
    display: block;
    block-size: 12px;
    border-radius: 6px;
    background: var(--_surface-sunken);
    animation: breathe 1.4s ease-in-out infinite;
  }
  .skeleton span:nth-child(3n + 1) {
    inline-size: 72%;
  }
  .skeleton span:nth-child(3n + 2) {
    inline-size: 48%;
  }
  .skeleton span:nth-child(3n) {
    inline-size: 88%;
  }
  .notice {
    display: flex;
    align-items: flex-start;
    gap: calc(var(--_space) * 2);
    padding-block: calc(var(--_space) * 2);
    padding-inline: calc(var(--_space) * 3);
    border-radius: var(--_radius);
    background: var(--_surface-sunken);
  }
  .notice svg {
    margin-block-start: 2px;
  }
  .notice.warn {
    background: var(--_warn-soft);
    color: var(--_warn);
  }
  .notice.bad {
    background: var(--_bad-soft);
    color: var(--_bad);
  }
  .notice.ok {
    background: var(--_ok-soft);
    color: var(--_ok);
  }
  .notice.info {
    background: var(--_info-soft);
    color: var(--_info);
  }
  .stale {
    flex: none;
    border-radius: 0;
  }
  @keyframes appear {
    from {
      visibility: hidden;
    }
    to {
      visibility: visible;
    }
  }
  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
  @keyframes arrive {
    from {
      background: var(--_warn-soft);
    }
  }
`;
