/**
 * The page: renderer/ to build/renderer (vite). Addresses are relative, so that one output serves both Electron's own
 * protocol and `nagare serve`; nothing is inlined, because the content security policy allows scripts and fonts from
 * the page's own origin only.
 */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: 'renderer',
  base: './',
  cacheDir: '../node_modules/.vite',
  plugins: [react()],
  build: {
    outDir: '../build/renderer',
    emptyOutDir: true,
    target: 'chrome120',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 3000,
    reportCompressedSize: false,
  },
});
