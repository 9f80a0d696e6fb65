import { Gauge, type Registry } from "prom-client";

/** What is open just now. */
export interface LiveCounts {
  openOperations(): number;
  openSockets(): number;
}

/** Shows what clients keep open as metrics, counted whenever somebody looks. */
export function countLive(registry: Registry, counts: LiveCounts): void {
  const show = (name: string, help: string, count: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(count());
      },
    });
  };
  show("cardgraph_live_operations", "Operations under way over server-sent events and WebSockets", () =>
    counts.openOperations(),
  );
  show("cardgraph_live_sockets", "WebSockets that are open", () => counts.openSockets());
}
