// What happens to the image in view: its job, its result, its failure.

import { button, group, text } from "./elements.js";
import * as words from "./words.js";

const { t } = words;
const place = document.getElementById("status");
let last = "";

/** Shows the state of an image. Nothing is made anew while only a bar moves: a focused button stays focused. */
export function show(image, result, engineFailure, actions) {
  const job = image?.jobs?.[0];
  const shape = JSON.stringify([
    words.language, image?.id, image?.state, job?.id, result, image?.failure, image?.preview?.version, engineFailure,
  ]);
  if (shape !== last) {
    last = shape;
    place.replaceChildren(...boxes(image, job, result, engineFailure, actions));
  }
  const bar = place.querySelector("progress");
  if (!bar) return;
  if (job.progress?.fraction > 0) bar.value = job.progress.fraction;
  else bar.removeAttribute("value");
  bar.setAttribute("aria-label", words.progress(job));
  place.querySelector(".doing").textContent = words.progress(job);
}

function* boxes(image, job, result, engineFailure, actions) {
  if (engineFailure) yield failed(engineFailure, [button("TryAgain", actions.models)]);
  if (!image) return;
  if (job) {
    const doing = text("span", "", "doing");
    yield box("", [text("strong", t(job.isPreview ? "PreviewRuns" : "RestoreRuns")), document.createElement("progress"), doing,
      group("buttons", button("Stop", actions.cancel))]);
  }
  if (image.failure) yield failed(image.failure, []);
  if (result) {
    const notes = [...words.grounds(result), ...result.notes].map(note => text("p", note, "quiet"));
    yield box("good", [text("strong", t("Saved")), text("span", result.name),
      text("span", `${result.width} × ${result.height} · ${t("Took", words.duration(result.seconds))}`, "quiet"), ...notes,
      group("buttons", button("AgainWith", actions.again), button("OpenFolder", actions.folder), button("CopyPng", actions.copy),
        image.results.length > 1 ? button("TakeOut", actions.takeOut) : null)]);
  } else if (image.preview && image.state === "ready") {
    yield box("", [text("span", t("PreviewReady"), "quiet")]);
  }
}

function failed(failure, more) {
  const { message, action } = words.failure(failure);
  const element = box("bad", [text("strong", message), text("span", action), ...more]);
  element.setAttribute("role", "alert");
  return element;
}

const box = (kind, children) => group(`box ${kind}`, ...children);
