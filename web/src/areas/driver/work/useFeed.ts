import { useQueryClient } from '@tanstack/react-query';
import { useReducer } from 'react';
import type { ApiError } from '../../../api/errors';
import { useFollow } from '../../../api/hooks';
import type { Change, Order } from '../../../api/methods';
import { answered, begun, emptyFeed, type Feed, pushed } from './feed';

type Action =
  | { readonly type: 'begun' }
  | { readonly type: 'pushed'; readonly change: Change }
  | { readonly type: 'answered'; readonly order: Order; readonly driver: number };

function reduce(feed: Feed, action: Action): Feed {
  switch (action.type) {
    case 'begun':
      return begun(feed);
    case 'pushed':
      return pushed(feed, action.change);
    case 'answered':
      return answered(feed, action.order, action.driver);
  }
}

/** What the service pushes to this driver, and how to tell it of an answer. */
export function useFeed(driver: number): {
  readonly feed: Feed;
  readonly failure: ApiError | null;
  readonly answer: (order: Order) => void;
} {
  const queries = useQueryClient();
  const [feed, act] = useReducer(reduce, emptyFeed);
  const failure = useFollow(
    'driver_subscribe',
    {},
    {
      begin: () => act({ type: 'begun' }),
      next: (change) => {
        act({ type: 'pushed', change });
        // Lists of orders, and what is owed, follow from the orders.
        if (change.kind !== 'order' || !feed.ready) return;
        void queries.invalidateQueries({ queryKey: ['api', 'driver_orders'] });
        if (change.order.state === 'settled')
          void queries.invalidateQueries({ queryKey: ['api', 'driver_earnings'] });
      },
    },
  );
  const answer = (order: Order) => act({ type: 'answered', order, driver });
  return { feed, failure, answer };
}
