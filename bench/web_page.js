// In each page from its first moment on: when what is looked for is painted, long tasks, and how long keys wait.
(() => {
  const kept = (globalThis.__bench = { long: [], delays: [], shown: [], clicked: 0, door: 0 });
  const observe = (type, options, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, ...options });
  observe("longtask", {}, (entry) => kept.long.push(entry.duration));
  // Keys that are shown within 16 ms are in no entry.
  observe("event", { durationThreshold: 16 }, (entry) => entry.name === "keydown" && kept.shown.push(entry.duration));
  addEventListener("keydown", (event) => kept.delays.push(performance.now() - event.timeStamp), true);
  addEventListener("click", (event) => (kept.clicked = event.timeStamp), true);

  // Resolves with the time right behind the frame in which it is there.
  kept.painted = (isThere) =>
    new Promise((done) => {
      const look = () =>
        requestAnimationFrame(() => (isThere() ? setTimeout(() => done(performance.now())) : look()));
      look();
    });
  kept.usable = () => document.querySelector(".sidebar .chat-link") && kept.chat("");
  kept.chat = (name) =>
    document.querySelector(".header h1")?.textContent.includes(name) &&
    document.querySelector(".messages .message[data-seq]") &&
    document.querySelector(".composer textarea");
  kept.wait = (isThere) => void (kept.waiting = kept.painted(isThere));
  // What came since it was last asked for.
  kept.taken = () => {
    const { long, delays, shown } = kept;
    Object.assign(kept, { long: [], delays: [], shown: [] });
    return { long, delays, shown };
  };
  // Scrolls by so much in each frame, up with less than 0, until so many seconds are over or there is no more.
  kept.scroll = (step, seconds) =>
    new Promise((done) => {
      const list = document.querySelector(".messages .virtual");
      const frames = [];
      const began = performance.now();
      let last = 0;
      const turn = (now) => {
        if (last) frames.push(now - last);
        last = now;
        const before = list.scrollTop;
        list.scrollTop = before + step;
        const isEnd = step < 0 ? document.querySelector(".beginning") && before === 0 : list.scrollTop === before;
        if (isEnd || now - began > seconds * 1000) done(frames);
        else requestAnimationFrame(turn);
      };
      requestAnimationFrame(turn);
    });
  kept.painted(() => document.querySelector("input[name=email]")).then((at) => (kept.door = at));
})();
