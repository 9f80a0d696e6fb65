import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import { App } from "./app.js";
import { buildClient, buildStreams } from "./client.js";
import { OrderNumber } from "./order-number.js";
import "./style.css";

const ENDPOINT = new URL("/graphql", window.location.href).href;

const root = document.getElementById("app");
if (root === null) throw new Error("The page has no place for the application.");

const orderNumber = new OrderNumber(sessionStorage, (length) => crypto.getRandomValues(new Uint8Array(length)));

createRoot(root).render(
  <StrictMode>
    <Provider value={buildClient(ENDPOINT)}>
      <App orderNumber={orderNumber} streams={buildStreams(ENDPOINT)} locale={document.documentElement.lang} />
    </Provider>
  </StrictMode>,
);
