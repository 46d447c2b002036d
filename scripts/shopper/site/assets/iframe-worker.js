// A browser starts no worker for a page that is opened from disk. The search then runs in a hidden frame.
if (location.protocol === "file:") {
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentWindow;
      const load = (script) => new Promise((resolve, reject) => {
        const element = inside.document.createElement("script");
        Object.assign(element, { src: new URL(script, document.baseURI), onload: resolve, onerror: reject });
        inside.document.body.append(element);
      });
      inside.importScripts = (...scripts) => Promise.all(scripts.map(load));
      inside.postMessage = (data) => this.dispatchEvent(new MessageEvent("message", { data }));
      this.loaded = load(address);
      this.deliver = (data) => inside.dispatchEvent(new MessageEvent("message", { data }));
    }

    postMessage(data) {
      this.loaded.then(() => this.deliver(data));
    }
  };
}
