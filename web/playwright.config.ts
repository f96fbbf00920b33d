import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

/**
 * Where the portals of the two companies are: those that are served already, or those of a consortium that is started here
 * (tests/services/up.ts), whose line says where.
 */
const served = process.env['PORTAL_URL'];
/** Debian's browsers. */
const browsers = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];
/** What a consortium may take to be up, with its first rides settled and proven. */
const START_MS = 570_000;

export default defineConfig({
  testDir: 'tests',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/failures',
  timeout: 900_000,
  expect: { timeout: 90_000 },
  forbidOnly: true,
  retries: 0,
  // One after the other: maps are drawn by the processor, and two browsers would only slow each other.
  workers: 1,
  reporter: [['list'], ['./tests/tally.ts']],
  use: {
    ...(served === undefined ? {} : { baseURL: served }),
    actionTimeout: 120_000,
    screenshot: 'only-on-failure',
    timezoneId: 'Asia/Shanghai',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? browsers.find((path) => existsSync(path)) ?? 'chromium',
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        // Maps are drawn by the processor.
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
      ],
    },
  },
  ...(served === undefined
    ? {
        webServer: {
          name: 'consortium',
          command: 'exec node --import tsx tests/services/up.ts',
          wait: {
            stdout: /^up: company 1 (?<portal_url>\S+?)\/? company 2 (?<portal_url_2>\S+?)\/?$/m,
          },
          timeout: START_MS,
          gracefulShutdown: { signal: 'SIGTERM', timeout: 60_000 },
          stdout: 'pipe',
          stderr: 'pipe',
        },
      }
    : {}),
});
