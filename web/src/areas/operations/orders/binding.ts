// What stood against a driver, as the dispatcher writes it (docs/dispatch.md), read so that it can be said in any
// language. What is not known is shown as it is.

export type Binding =
  | { readonly what: 'stale'; readonly seconds: string }
  | { readonly what: 'busy' | 'pending'; readonly order: string }
  | { readonly what: 'wrongClass'; readonly ordered: string; readonly drives: string }
  | { readonly what: 'beyond'; readonly metres: string }
  | { readonly what: 'crowded'; readonly others: string }
  | { readonly what: 'outbid'; readonly order: string; readonly seconds: string | undefined }
  | { readonly what: 'dearer'; readonly driver: string; readonly seconds: string | undefined }
  | { readonly what: 'tooDear'; readonly seconds: string | undefined }
  | { readonly what: 'excluded' | 'offDuty' | 'held' | 'notYet' | 'refused' };

const margin = '(?:, by (-?\\d+\\.\\d+) s)?';

const forms: ReadonlyArray<readonly [RegExp, (found: readonly string[]) => Binding]> = [
  [/^stale position: (\d+) s old$/, ([, seconds = '']) => ({ what: 'stale', seconds })],
  [/^excluded: /, () => ({ what: 'excluded' })],
  [/^busy with order (\d+)$/, ([, order = '']) => ({ what: 'busy', order })],
  [/^order (\d+) is offered to her$/, ([, order = '']) => ({ what: 'pending', order })],
  [/^not on duty$/, () => ({ what: 'offDuty' })],
  [
    /^wrong class: (\w+) was ordered, she drives (\w+)$/,
    ([, ordered = '', drives = '']) => ({ what: 'wrongClass', ordered, drives }),
  ],
  [/^farther than the outermost ring, (\d+) m$/, ([, metres = '']) => ({ what: 'beyond', metres })],
  [/^(\d+) others are there sooner$/, ([, others = '']) => ({ what: 'crowded', others })],
  [
    new RegExp(`^outbid by order (\\d+)${margin}$`),
    ([, order = '', seconds]) => ({ what: 'outbid', order, seconds }),
  ],
  [
    new RegExp(`^driver (\\d+) is better${margin}$`),
    ([, driver = '', seconds]) => ({ what: 'dearer', driver, seconds }),
  ],
  [new RegExp(`^dearer than waiting${margin}$`), ([, seconds]) => ({ what: 'tooDear', seconds })],
  [/^held for a better pair$/, () => ({ what: 'held' })],
  [/^booked: no driver is needed yet$/, () => ({ what: 'notYet' })],
  [/^the orders service did not take the offer$/, () => ({ what: 'refused' })],
];

/** Nothing where it is none of those that are known. */
export function readBinding(text: string): Binding | undefined {
  for (const [form, make] of forms) {
    const found = form.exec(text);
    if (found !== null) return make(found);
  }
  return undefined;
}
