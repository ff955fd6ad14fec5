import { describe, expect, it } from 'vitest';
import { declaredEncoding, decodeText } from './text.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('decodeText', () => {
  it('reads UTF-8 and drops its byte order mark', () => {
    expect(decodeText(utf8('\uFEFFMüller'))).toBe('Müller');
  });

  it('reads windows-1252 where the bytes are no UTF-8, the euro sign included', () => {
    expect(decodeText(bytes(0x4d, 0xfc, 0x6c, 0x20, 0x80))).toBe('Mül €');
  });

  it('reads UTF-16 of either byte order, with and without a mark', () => {
    const little = bytes(0x41, 0, 0x42, 0, 0xe9, 0);
    const big = bytes(0, 0x41, 0, 0x42, 0, 0xe9);
    expect(decodeText(little)).toBe('ABé');
    expect(decodeText(big)).toBe('ABé');
    expect(decodeText(bytes(0xff, 0xfe, ...little))).toBe('ABé');
    expect(decodeText(bytes(0xfe, 0xff, ...big))).toBe('ABé');
  });

  it('follows a declared code page where the bytes are no UTF-8', () => {
    expect(decodeText(bytes(0x50, 0xb3, 0x61), 'iso-8859-2')).toBe('Pła');
    expect(decodeText(bytes(0x50, 0xe9), '1252')).toBe('Pé');
  });

  it('trusts valid UTF-8 more than a declared code page', () => {
    expect(decodeText(utf8('Zażółć'), 'windows-1252')).toBe('Zażółć');
  });

  it('falls back to windows-1252 for an encoding nobody knows', () => {
    expect(decodeText(bytes(0x50, 0xe9), 'x-made-up')).toBe('Pé');
  });

  it('replaces zero characters', () => {
    expect(decodeText(bytes(0x41, 0x42, 0x43, 0x44, 0, 0x45))).toBe('ABCD\uFFFDE');
  });
});

describe('declaredEncoding', () => {
  it('finds the encoding of an XML declaration and of an OFX header', () => {
    expect(declaredEncoding(utf8('<?xml version="1.0" encoding="ISO-8859-15"?><a/>'))).toBe('ISO-8859-15');
    expect(declaredEncoding(utf8('OFXHEADER:100\r\nENCODING:USASCII\r\nCHARSET:1252\r\n'))).toBe('1252');
    expect(declaredEncoding(utf8('OFXHEADER:100\nENCODING:UTF-8\nCHARSET:NONE\n'))).toBeUndefined();
  });
});
