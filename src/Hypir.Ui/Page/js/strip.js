// The film strip: every image with its state. Elements stay as long as their images, so that focus and scrolling do too.

import { t } from "./words.js";

const strip = document.getElementById("strip");
const elements = new Map();

/** Shows the images. */
export function show(images, selected, choose, remove) {
  strip.hidden = images.length === 0;
  const ids = new Set(images.map(image => image.id));
  for (const [id, element] of elements) {
    if (ids.has(id)) continue;
    element.remove();
    elements.delete(id);
  }
  images.forEach((image, i) => {
    let element = elements.get(image.id);
    if (!element) elements.set(image.id, element = make(image, choose, remove));
    if (strip.children[i] !== element) strip.insertBefore(element, strip.children[i] ?? null);
    update(element, image, image.id === selected);
  });
}

function make(image, choose, remove) {
  const element = document.createElement("div");
  element.className = "thumb";
  element.setAttribute("role", "listitem");
  const choice = document.createElement("button");
  choice.className = "choose";
  const picture = document.createElement("img");
  picture.alt = "";
  picture.loading = "lazy";
  picture.src = `images/${image.id}/thumb`;
  const mark = document.createElement("span");
  mark.className = "mark";
  const cross = document.createElement("button");
  cross.className = "remove";
  cross.textContent = "×";
  cross.tabIndex = -1; // The key Del does the same.
  cross.addEventListener("click", () => remove(image.id));
  choice.append(picture, mark);
  choice.addEventListener("click", () => choose(image.id));
  element.append(choice, cross);
  return element;
}

function update(element, image, selected) {
  const choice = element.querySelector(".choose"), changed = selected && choice.ariaCurrent !== "true";
  choice.ariaCurrent = `${selected}`;
  element.classList.toggle("done", image.state === "done");
  element.classList.toggle("failed", image.state === "failed");
  const percent = `${Math.round((image.jobs?.[0].progress?.fraction ?? 0) * 100)} %`;
  element.querySelector(".mark").textContent = { done: "✓", failed: "!", queued: "…", running: percent }[image.state] ?? "";
  choice.title = `${image.name}\n${image.width} × ${image.height}`;
  choice.setAttribute("aria-label", `${image.name}, ${t(`State_${image.state}`)}`);
  const cross = element.querySelector(".remove");
  cross.title = t("Remove");
  cross.setAttribute("aria-label", `${t("Remove")}: ${image.name}`);
  if (changed) element.scrollIntoView({ block: "nearest", inline: "nearest" });
}
