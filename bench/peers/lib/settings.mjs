/** What a peer is told by its environment, under the names that Cardgraph uses. */
export const settings = {
  port: Number(process.env.PORT ?? 0),
  databaseUrl: process.env.DATABASE_URL,
  prepaidify: {
    url: process.env.PREPAIDIFY_BASE_URL,
    accessKey: process.env.PREPAIDIFY_ACCESS_KEY,
    secretKey: process.env.PREPAIDIFY_SECRET_KEY,
    defaultEmail: process.env.PREPAIDIFY_DEFAULT_EMAIL,
  },
  pagsmile: {
    url: process.env.PAGSMILE_BASE_URL,
    appId: process.env.PAGSMILE_APP_ID,
    partnerId: process.env.PAGSMILE_PARTNER_ID,
    publicKey: process.env.PAGSMILE_PUBLIC_KEY,
    privateKey: process.env.PAGSMILE_PRIVATE_KEY,
  },
};

/** Bound on one call of a provider, in milliseconds. */
export const PROVIDER_TIMEOUT_MS = 10_000;
