// One tab, as a thread: tells its parent what it hears.

import { parentPort, workerData } from "node:worker_threads";
import { Following } from "#web/js/tabs.js";

const { url, cursor, user, hasLocks } = workerData;
const ends = {
  url,
  bearer: async () => "token",
  renew: async () => "token",
  deliver: (events) => events.forEach(({ data }) => parentPort.postMessage({ n: data.n })),
  state: (state) => parentPort.postMessage({ state }),
  over: () => {},
};
const following = new Following(user, ends, hasLocks ? navigator : {});
following.listen();
following.from(cursor);
parentPort.on("message", () => following.stop());
