// What happens to the image in view: its job, its result, its failure.

import * as words from "./words.js";

const { t } = words;
const place = document.getElementById("status");
let last = "";

/** Shows the state of an image. Nothing is made anew while only a bar moves: a focused button stays focused. */
export function show(image, engineFailure, actions) {
  const shape = JSON.stringify([words.language, image?.id, image?.state, image?.isPreview, image?.result, image?.failure, image?.preview?.version, engineFailure]);
  if (shape !== last) {
    last = shape;
    place.replaceChildren(...boxes(image, engineFailure, actions));
  }
  const bar = place.querySelector("progress");
  if (!bar) return;
  if (image.progress?.fraction > 0) bar.value = image.progress.fraction;
  else bar.removeAttribute("value");
  bar.setAttribute("aria-label", words.progress(image));
  place.querySelector(".doing").textContent = words.progress(image);
}

function* boxes(image, engineFailure, actions) {
  if (engineFailure) yield failed(engineFailure, [button("TryAgain", actions.models)]);
  if (!image) return;
  if (image.state === "queued" || image.state === "running") {
    const doing = text("span", "", "doing");
    yield box("", [text("strong", t(image.isPreview ? "PreviewRuns" : "RestoreRuns")), document.createElement("progress"), doing,
      buttons(button("Stop", actions.cancel), actions.isBusy() ? button("StopAll", actions.cancelAll) : null)]);
  }
  if (image.failure) yield failed(image.failure, []);
  const result = image.result;
  if (result) {
    const notes = result.notes.map(note => text("p", note, "quiet"));
    yield box("good", [text("strong", t("Saved")), text("span", result.name),
      text("span", `${result.width} × ${result.height} · ${t("Took", words.duration(result.seconds))}`, "quiet"), ...notes,
      buttons(button("OpenFolder", actions.folder), button("CopyPng", actions.copy))]);
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

function box(kind, children) {
  const element = document.createElement("div");
  element.className = `box ${kind}`;
  element.append(...children);
  return element;
}

function text(name, content, kind = "") {
  const element = document.createElement(name);
  element.className = kind;
  element.textContent = content;
  return element;
}

function button(name, act) {
  const element = text("button", t(name));
  element.dataset.act = name;
  element.addEventListener("click", act);
  return element;
}

function buttons(...all) {
  const element = document.createElement("div");
  element.className = "buttons";
  element.append(...all.filter(Boolean));
  return element;
}
