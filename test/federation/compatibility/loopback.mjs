// Loaded before the suite's own subgraphs, which would listen on every interface.
import { Server } from "node:net";

const { listen } = Server.prototype;
Server.prototype.listen = function (options, ...rest) {
  return listen.call(this, { ...options, host: "127.0.0.1" }, ...rest);
};
