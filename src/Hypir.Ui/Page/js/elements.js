// Makes elements. Text is only ever text.

import { t } from "./words.js";

/** An element with text. */
export function text(name, content, kind = "") {
  const element = document.createElement(name);
  element.className = kind;
  element.textContent = content;
  return element;
}

/** An element with children. */
export function group(kind, ...children) {
  const element = document.createElement("div");
  element.className = kind;
  element.append(...children.filter(Boolean));
  return element;
}

/** A button with a word. */
export function button(name, act, kind = "") {
  const element = text("button", t(name), kind);
  element.type = "button";
  element.dataset.act = name;
  element.addEventListener("click", act);
  return element;
}
