// Checks a bundle beside the page, and tells each step as it was taken. Nothing is asked of anybody here.
import { check, type Step } from '../../../proof';
import type { Order, Report } from './run';

function tell(report: Report): void {
  postMessage(report);
}

function checkNow({ run, text, trust }: Order): void {
  const steps: Step[] = [];
  const walk = check(text, trust);
  for (;;) {
    const next = walk.next();
    if (next.done === true) {
      tell({ run, kind: 'done', verification: { steps, ...next.value } });
      return;
    }
    steps.push(next.value);
    tell({ run, kind: 'step', step: next.value });
  }
}

addEventListener('message', (message: MessageEvent<Order>) => {
  try {
    checkNow(message.data);
  } catch (error) {
    tell({
      run: message.data.run,
      kind: 'broke',
      message: error instanceof Error ? error.message : String(error),
    });
  }
});
