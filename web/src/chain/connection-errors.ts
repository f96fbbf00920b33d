/** The node did not answer in time. */
export class NodeSilent extends Error {
  override readonly name = 'NodeSilent';
  constructor(method: string, milliseconds: number) {
    super(`the node did not answer ${method} within ${milliseconds / 1000} s`);
  }
}

/** The node belongs to another chain than the service. */
export class WrongNetwork extends Error {
  override readonly name = 'WrongNetwork';
}
