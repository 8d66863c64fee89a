// Requests to the window. Everything that changes something carries a header that pages of others cannot send.

/** A refusal in the words of the window: a code, which is a key of the words, and English sentences. */
export class Refusal extends Error {
  constructor(failure) {
    super(failure.message);
    this.failure = failure;
  }
}

async function send(method, path, body, headers = {}) {
  let answer;
  try {
    answer = await fetch(path, { method, body, headers: { "X-Hypir": "1", ...headers } });
  } catch {
    throw new Refusal({ code: "WindowGone", message: "The window has ended." });
  }
  if (answer.ok) return answer;
  const failure = await answer.json().catch(() => ({ code: "WindowGone", message: `Error ${answer.status}` }));
  throw new Refusal(failure);
}

/** Asks for something to be done, with a small body. */
export const post = (path, body) =>
  body === undefined ? send("POST", path) : send("POST", path, JSON.stringify(body), { "Content-Type": "application/json" });

/** Removes something. */
export const remove = path => send("DELETE", path);

/** Sends a file; gives the new image's id. */
export async function upload(file) {
  const answer = await send("POST", "images", file, {
    "Content-Type": "application/octet-stream",
    "X-File-Name": encodeURIComponent(file.name || "image.png"),
  });
  return (await answer.json()).id;
}

/** Sends a file of weights. */
export const sendModel = file => send("POST", "model-files", file, {
  "Content-Type": "application/octet-stream",
  "X-File-Name": encodeURIComponent(file.name),
});

/** Sends an image's mask, a picture; gives its number. */
export const sendMask = async (id, picture) => (await send("POST", `images/${id}/mask`, picture)).json();

/** Reads JSON. */
export async function read(path) {
  return (await send("GET", path)).json();
}

/** Calls back with the whole state, now and whenever it changes; and with null while the window does not answer. */
export function watch(take) {
  const events = new EventSource("events");
  events.onmessage = event => take(JSON.parse(event.data));
  events.onerror = () => take(null);
}
