// The compatibility tests know their router by one fixed address only. This runs before each of their files and gives
// them that of the gateway under test.
const client = require("@apollo/federation-subgraph-compatibility-tests/dist/utils/client");

client.ROUTER_URL = process.env.ROUTER_URL;
