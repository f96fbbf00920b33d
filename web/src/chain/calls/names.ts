/** Names for what the chain knows by number or key. Each answers undefined when it does not know. */
export interface Names {
  account(address: string): string | undefined;
  company(id: number): string | undefined;
  /** Usually the plate. */
  vehicle(id: number): string | undefined;
  driver(id: number): string | undefined;
  /** The name of the company that wants to join. */
  application(id: number): string | undefined;
  /** How a machine's company calls it, by the machine's key in hexadecimal. */
  node(key: string): string | undefined;
}

/** Nobody has a name. */
export const NO_NAMES: Names = {
  account: () => undefined,
  company: () => undefined,
  vehicle: () => undefined,
  driver: () => undefined,
  application: () => undefined,
  node: () => undefined,
};

/** Asks the first, and where that does not know, the next. */
export function firstName(...sources: Names[]): Names {
  return {
    account: (address) => pick(sources, (names) => names.account(address)),
    company: (id) => pick(sources, (names) => names.company(id)),
    vehicle: (id) => pick(sources, (names) => names.vehicle(id)),
    driver: (id) => pick(sources, (names) => names.driver(id)),
    application: (id) => pick(sources, (names) => names.application(id)),
    node: (key) => pick(sources, (names) => names.node(key)),
  };
}

function pick(sources: Names[], ask: (names: Names) => string | undefined): string | undefined {
  for (const names of sources) {
    const name = ask(names);
    if (name !== undefined) return name;
  }
  return undefined;
}
