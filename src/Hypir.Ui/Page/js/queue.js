// The queue: what is computed, and in which order.

import { button, group, text } from "./elements.js";
import { progress, t } from "./words.js";

const place = document.getElementById("queue");
const most = 20;
let last = "";

/** Shows the queue, if there is more than one job. */
export function show(images, actions) {
  const jobs = images.flatMap(image => (image.jobs ?? []).map(job => ({ ...job, image })))
    .sort((one, other) => (one.ahead ?? -1) - (other.ahead ?? -1));
  place.hidden = jobs.length < 2;
  const shape = JSON.stringify([t("Queue"), jobs.length, jobs.slice(0, most).map(job => job.id)]);
  if (shape !== last) {
    last = shape;
    const held = document.activeElement?.dataset.job;
    place.replaceChildren(text("h2", t("Queue", jobs.length)), ...jobs.slice(0, most).map((job, i) => row(job, i, actions)),
      jobs.length > most ? text("p", t("QueueMore", jobs.length - most), "quiet") : "",
      group("buttons", button("StopAll", actions.cancelAll)));
    if (held) place.querySelector(`[data-job="${held}"]`)?.focus();
  }
  const doing = place.querySelector(".doing");
  if (doing && jobs.length > 0) doing.textContent = progress(jobs[0]);
}

function row(job, i, actions) {
  const name = job.image.name, first = button("First", () => actions.first(job.id)), stop = button("Stop", () => actions.cancel(job.id));
  first.setAttribute("aria-label", `${t("First")}: ${name}`);
  stop.setAttribute("aria-label", `${t("Stop")}: ${name}`);
  first.dataset.job = `first-${job.id}`;
  stop.dataset.job = `stop-${job.id}`;
  const title = text("span", job.isPreview ? `${name} (${t("PreviewRuns")})` : name);
  const what = group("what", title, i === 0 ? text("span", "", "quiet doing") : null);
  return group("job", what, i > 1 || (i === 1 && job.ahead === 1) ? first : null, stop);
}
