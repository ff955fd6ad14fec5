import { resolve } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';

const here = import.meta.dirname;

/** `dist/crossfoot.js`, which defines the elements, with what is loaded later as files beside it. */
const library: UserConfig = {
  root: here,
  build: {
    outDir: resolve(here, 'dist'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      input: resolve(here, 'crossfoot.ts'),
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'crossfoot.js', chunkFileNames: 'crossfoot-[name]-[hash].js' },
    },
  },
};

/** `dist/portal/`: the demo host portal as one page that can be served from any path. */
const portal: UserConfig = {
  root: resolve(here, 'portal'),
  base: './',
  build: {
    outDir: resolve(here, 'dist/portal'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    // A font or image inlined as data: would be refused by a strict content security policy.
    assetsInlineLimit: 0,
  },
};

export default defineConfig(({ mode }) => ({
  ...(mode === 'portal' ? portal : library),
  base: './',
  logLevel: 'warn',
}));
