// One tab, as a thread: tells its parent what it hears.

import { parentPort, workerData } from "node:worker_threads";
import { Following } from "#web/js/tabs.js";

const { url, cursor, user } = workerData;
const following = new Following(user, {
  url,
  bearer: async () => "token",
  renew: async () => "token",
  deliver: (events) => events.forEach(({ data }) => parentPort.postMessage({ n: data.n })),
  state: (state) => parentPort.postMessage({ state }),
  over: () => {},
});
following.listen();
following.from(cursor);
// A thread that is ended from outside keeps its locks in node; one that ends does not, like a tab.
parentPort.on("message", (word) => (word === "stop" ? following.stop() : process.exit()));
