import type { FullConfig, Reporter, Suite } from '@playwright/test/reporter';

/** Says in the end how many tests passed, in the line that vitest has for it: `cargo xtask web --browser` adds them up. */
export default class Tally implements Reporter {
  private suite: Suite | undefined;

  onBegin(_: FullConfig, suite: Suite): void {
    this.suite = suite;
  }

  onEnd(): void {
    const tests = this.suite?.allTests() ?? [];
    const count = { failed: 0, passed: 0, skipped: 0 };
    for (const test of tests) {
      if (test.expectedStatus === 'skipped') count.skipped += 1;
      // What was not reached is `skipped` too, and has not passed.
      else if (test.outcome() !== 'skipped' && test.ok()) count.passed += 1;
      else count.failed += 1;
    }
    const said = Object.entries(count).filter(([what, of]) => of > 0 || what === 'passed');
    console.log(`      Tests  ${said.map(([what, of]) => `${of} ${what}`).join(' | ')} (${tests.length})`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
