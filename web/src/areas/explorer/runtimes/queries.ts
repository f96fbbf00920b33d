import { graphql } from '../graphql';

export const runtimesQuery = graphql(`
  query Runtimes {
    runtimes {
      spec
      firstBlock
      bytes
      hash
      changes {
        part
        name
        turn
        was
        now
      }
    }
  }
`);
