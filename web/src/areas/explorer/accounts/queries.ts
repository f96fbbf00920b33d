import { graphql } from '../graphql';

export const accountQuery = graphql(`
  query Account($id: ID!, $account: Bytes!, $at: BlockHeight) {
    balance(id: $id, block: $at) {
      free
      held
      blockNumber
      time
    }
    _meta {
      block {
        number
      }
    }
    roles(where: { account: $account }, first: 100, block: $at) {
      id
      companyId
      permissions
      expires
      grantedBy
      blockNumber
    }
    companies(where: { treasury: $account }, first: 100, block: $at) {
      id
      name
    }
    seated: companies(where: { seat: $account }, first: 10, block: $at) {
      id
    }
    applications(where: { applicant: $account }, first: 10, block: $at) {
      id
      name
      state
    }
    draws(where: { account: $account }, first: 1, block: $at) {
      id
      companyId
    }
    validators(where: { account: $account }, first: 10, block: $at) {
      id
      companyId
      state
    }
    drivers(where: { account: $account }, first: 10, block: $at) {
      id
    }
    seats(where: { account: $account }, first: 100, block: $at) {
      id
      companyId
      seat
      driverId
      status
      withdrawn
    }
    sent: extrinsicsConnection(where: { signer: $account }, first: 1) {
      totalCount
    }
  }
`);

export const balanceHistoryQuery = graphql(`
  query BalanceHistory($id: ID!) {
    balance(id: $id) {
      history(first: 500, orderDirection: desc) {
        blockNumber
        time
        free
        held
      }
    }
  }
`);

export const entriesQuery = graphql(`
  query Entries($account: Bytes!, $first: Int, $after: String, $last: Int, $before: String) {
    entriesConnection(
      where: { account: $account }
      first: $first
      after: $after
      last: $last
      before: $before
      orderBy: time
      orderDirection: desc
    ) {
      totalCount
      nodes {
        id
        blockNumber
        time
        counterparty
        direction
        part
        kind
        amount
        setTo
        extrinsicPlace
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

export const transfersQuery = graphql(`
  query Transfers($where: TransferFilter, $first: Int, $after: String, $last: Int, $before: String) {
    transfersConnection(where: $where, first: $first, after: $after, last: $last, before: $before, orderBy: time, orderDirection: desc) {
      totalCount
      nodes {
        id
        blockNumber
        time
        from
        to
        amount
        extrinsicPlace
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);

export const withdrawalsQuery = graphql(`
  query Withdrawals($where: WithdrawalFilter, $first: Int, $after: String, $last: Int, $before: String) {
    withdrawalsConnection(where: $where, first: $first, after: $after, last: $last, before: $before, orderBy: time, orderDirection: desc) {
      totalCount
      nodes {
        id
        blockNumber
        time
        companyId
        seat
        account
        amount
        extrinsicPlace
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);
