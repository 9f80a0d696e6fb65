/** One ready tab of the playground. It is plain data, so that a test can check it against the schema. */
export interface PlaygroundTab {
  /** What the tab is for, in words. */
  readonly title: string;
  /** The operation's name, which GraphiQL also prints on the tab. */
  readonly operationName: string;
  /** The GraphQL document, with exactly one operation. */
  readonly query: string;
  /** The variables that the tab opens with. */
  readonly variables: Readonly<Record<string, unknown>>;
}

const createCardContact: PlaygroundTab = {
  title: "Create a card contact",
  operationName: "CreateCardContact",
  query: `# Registers a person. Nothing is spent.
mutation CreateCardContact($input: CreateCardContactInput!) {
  createCardContact(input: $input) {
    contact {
      id
      provider
      providerContactId
      firstName
      lastName
      mobile
      email
      createdAt
    }
    replayed
    userErrors {
      code
      message
      field
      retryable
    }
  }
}
`,
  variables: {
    input: {
      firstName: "xxe",
      lastName: "xxxx",
      mobile: "+861234789999",
      email: "122@12.com",
    },
  },
};

const createVirtualCard: PlaygroundTab = {
  title: "Create a virtual card",
  operationName: "CreateVirtualCard",
  query: `# Orders a card and pays its deposit.
# Run again, it is the same order.
mutation CreateVirtualCard($input: CreateVirtualCardInput!) {
  createVirtualCard(input: $input) {
    order {
      orderNo
      state
      failure {
        code
        message
      }
    }
    card {
      id
      status
      lifecycle
      cardHolder {
        firstName
        lastName
      }
      deposit {
        formatted
      }
      balance {
        formatted
      }
      last4
    }
    replayed
    userErrors {
      code
      message
      field
      retryable
    }
  }
}
`,
  variables: {
    input: {
      orderNo: "v_5bc814",
      cardRangeId: "vab_069af8a792ad",
      deposit: { amountMinor: 1000, currency: "USD" },
      cardHolder: { firstName: "Milton", lastName: "Schmitt" },
      customerId: "user_id_123",
    },
  },
};

const lookAtTheOrder: PlaygroundTab = {
  title: "Look at the order",
  operationName: "LookAtTheOrder",
  query: `# The order and its card as they are now.
# bin and last4 come once it is open.
query LookAtTheOrder($orderNo: String!) {
  cardOrder(orderNo: $orderNo) {
    orderNo
    provider
    state
    failure {
      code
      message
    }
    card {
      id
      status
      lifecycle
      statusText
      bin
      last4
      expMonth
      expYear
      balance {
        formatted
        currency
      }
    }
    createdAt
    updatedAt
  }
}
`,
  variables: { orderNo: "v_5bc814" },
};

const listCards: PlaygroundTab = {
  title: "List cards",
  operationName: "ListCards",
  query: `# Cards, page by page: endCursor is the
# after of the next one.
query ListCards($first: Int, $after: String) {
  cards(first: $first, after: $after) {
    edges {
      cursor
      node {
        id
        provider
        status
        lifecycle
        last4
        cardHolder {
          firstName
          lastName
        }
        balance {
          formatted
          currency
        }
        order {
          orderNo
        }
        createdAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
  variables: { first: 20 },
};

const followTheOrder: PlaygroundTab = {
  title: "Follow the order",
  operationName: "FollowTheOrder",
  query: `# The order as it stands, then every change, until you stop.
# Order a card in a second window and watch it open.
subscription FollowTheOrder($orderNo: String!) {
  cardOrderUpdated(orderNo: $orderNo) {
    orderNo
    state
    updatedAt
    card {
      status
      lifecycle
      last4
    }
  }
}
`,
  variables: { orderNo: "v_5bc814" },
};

const rangesAndProviders: PlaygroundTab = {
  title: "Ranges and providers",
  operationName: "RangesAndProviders",
  query: `# What can be ordered, and from whom.
# A range's id is an order's cardRangeId.
query RangesAndProviders($provider: ProviderCode) {
  cardRanges(provider: $provider) {
    id
    bin
    description
    minDeposit {
      formatted
      currency
    }
  }
  providers {
    code
    name
    capabilities
    mode
  }
}
`,
  variables: {},
};

/** The tabs that a first visit opens with, in order. */
export const PLAYGROUND_TABS: readonly PlaygroundTab[] = [
  createCardContact,
  createVirtualCard,
  lookAtTheOrder,
  followTheOrder,
  listCards,
  rangesAndProviders,
];

/** What the page itself asks on load: which providers are real and which are sandboxes. */
export const PROVIDER_MODES_QUERY = `query ProviderModes {
  providers {
    code
    name
    mode
  }
}
`;

/** A tab's variables as the editor shows them; empty when the tab has none. */
export function variablesText(tab: PlaygroundTab): string {
  return Object.keys(tab.variables).length === 0 ? "" : JSON.stringify(tab.variables, null, 2);
}
