import { expect, test } from 'vitest';
import { themeDefaults, type ThemeProperty } from './properties.ts';

function colours(property: ThemeProperty): [day: string, night: string] {
  const found = /^light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)$/.exec(themeDefaults[property]);
  if (found?.[1] && found[2]) return [found[1], found[2]];
  return [themeDefaults[property], themeDefaults[property]];
}

function luminance(colour: string): number {
  const channels = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = channels.map((value) =>
    value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const grounds = ['surface', 'surface-sunken', 'surface-hover', 'surface-selected'] as const;
const onGrounds = ['text', 'text-muted'] as const;
const readable: readonly (readonly [ThemeProperty, ThemeProperty])[] = [
  ...grounds.flatMap((ground) => onGrounds.map((text) => [text, ground] as const)),
  ['accent', 'surface'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-hover'],
  ['ok', 'ok-soft'],
  ['warn', 'warn-soft'],
  ['bad', 'bad-soft'],
  ['info', 'info-soft'],
  ['ok', 'surface'],
  ['warn', 'surface'],
  ['bad', 'surface'],
  ['paper-text', 'paper'],
  ['paper-muted', 'paper'],
  ['paper-text', 'highlight'],
];

test.each(readable)('%s on %s can be read in light and dark, at 5.1 : 1 or more', (text, ground) => {
  const [dayText, nightText] = colours(text);
  const [dayGround, nightGround] = colours(ground);
  expect(contrast(dayText, dayGround)).toBeGreaterThanOrEqual(5.1);
  expect(contrast(nightText, nightGround)).toBeGreaterThanOrEqual(5.1);
});

test('the border of a control stands out at 3.3 : 1 or more', () => {
  const [dayBorder, nightBorder] = colours('border-control');
  const [day, night] = colours('surface');
  expect(contrast(dayBorder, day)).toBeGreaterThanOrEqual(3.3);
  expect(contrast(nightBorder, night)).toBeGreaterThanOrEqual(3.3);
});
