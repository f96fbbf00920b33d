import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { portal } from './scripts/portal.ts';

export default defineConfig({
  plugins: [react(), portal()],
  build: { target: 'es2023', sourcemap: true, chunkSizeWarningLimit: 1200, manifest: true },
  server: { host: '127.0.0.1', port: 5173 },
  test: {
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}', '{scripts,tests}/**/*.test.ts'],
    setupFiles: ['src/test.ts'],
    restoreMocks: true,
    testTimeout: 60_000,
  },
});
