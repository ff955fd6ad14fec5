const light = (day: string, night: string): string => `light-dark(${day}, ${night})`;

/**
 * Every `--cf-*` custom property with its default. Colours follow the `color-scheme` of the host page.
 * Text and its ground keep a contrast of at least 5.1 : 1 and control borders 3.3 : 1 in both schemes;
 * `theme/contrast.test.ts` recomputes that.
 */
export const themeDefaults = {
  surface: light('#ffffff', '#161a21'),
  'surface-sunken': light('#f3f5f8', '#11151b'),
  'surface-hover': light('#f6f8fb', '#1b2029'),
  'surface-selected': light('#eaf1fe', '#1a2740'),
  border: light('#dfe3e9', '#2a313c'),
  'border-control': light('#838d9c', '#6e7989'),
  text: light('#171a21', '#e9ecf1'),
  'text-muted': light('#566072', '#a0aaba'),
  accent: light('#1d5bd6', '#7fadff'),
  'accent-hover': light('#174bb3', '#9dc0ff'),
  'on-accent': light('#ffffff', '#0a1530'),
  focus: light('#1d5bd6', '#7fadff'),
  ok: light('#11703f', '#5cd39b'),
  'ok-soft': light('#e3f5ea', '#10301f'),
  warn: light('#8a5200', '#f2b84b'),
  'warn-soft': light('#fdf1dc', '#362706'),
  bad: light('#b3261e', '#ff958c'),
  'bad-soft': light('#fce9e7', '#3d1513'),
  info: light('#5b3fc4', '#b9a7ff'),
  'info-soft': light('#efebfc', '#251c47'),
  paper: light('#ffffff', '#f4f2ec'),
  'paper-text': '#1d2027',
  'paper-muted': '#5a6170',
  highlight: '#fff0b3',
  'highlight-border': '#c99a1c',
  shadow: light('0 1px 2px rgb(16 24 40 / 5%)', '0 0 0 transparent'),
  font: `inherit`,
  'font-figures': 'inherit',
  'font-mono': 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  'size-small': '12px',
  'size-body': '14px',
  'size-title': '14px',
  'size-figure': '24px',
  'size-amount': '28px',
  'weight-strong': '600',
  space: '4px',
  padding: '16px',
  radius: '8px',
  'radius-panel': '12px',
  'radius-chip': '999px',
  'border-width': '1px',
  'control-height': '36px',
  'row-padding': '10px',
  motion: '150ms',
} as const satisfies Record<string, string>;

/** The name of a theme property without its `--cf-` prefix. */
export type ThemeProperty = keyof typeof themeDefaults;
