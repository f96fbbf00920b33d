// Where things of the chain are shown: pages of all areas lead to the explorer by these paths.

export const blockPath = (numberOrHash: number | string) => `/explorer/blocks/${numberOrHash}`;
/** An extrinsic by `block-index`, as `12-3`, or by its hash. */
export const extrinsicPath = (id: string) => `/explorer/extrinsics/${id}`;
export const eventPath = (id: string) => `/explorer/events/${id}`;
/** An account in SS58. */
export const accountPath = (account: string) => `/explorer/accounts/${account}`;
export const companyPath = (id: string | number) => `/explorer/companies/${id}`;
/** A vehicle by its number on the chain. */
export const vehiclePath = (id: string | number) => `/explorer/vehicles/${id}`;
export const batchPath = (id: string) => `/explorer/batches/${id}`;
/** A ride by its order. */
export const ridePath = (order: string) => `/explorer/rides/${order}`;
/** An application to join the consortium. */
export const applicationPath = (id: string | number) => `/explorer/applications/${id}`;
/** Where papers of an application are attested. */
export const attestPath = (id: string | number) => `/operations/companies/applications/${id}`;
/** Where anybody applies to join. */
export const applyPath = '/operations/companies/applications/new';
/** Where a call that came as a file is read and signed. */
export const callsPath = '/operations/calls';
/** Which keys act for an account, in SS58. */
export const keysPath = (account: string) => `/operations/keys?account=${account}`;
export const searchPath = (text: string) => `/explorer/search?q=${encodeURIComponent(text)}`;
