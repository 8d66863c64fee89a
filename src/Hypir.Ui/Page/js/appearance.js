// Language and theme: the browser's, until the person chooses others.

import * as words from "./words.js";

const $ = id => document.getElementById(id);
const themes = ["auto", "light", "dark"];
const theme = () => localStorage.getItem("theme") ?? "auto";

function showTheme(name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  localStorage.setItem("theme", name);
  $("theme").textContent = words.t(`Theme_${name}`);
  $("theme").title = words.t("Theme");
}

/** Shows a language. */
export async function show(language = words.language) {
  await words.load(language);
  $("language").textContent = words.other() === "en" ? "English" : "中文";
  $("language").lang = words.other();
  showTheme(theme());
}

$("theme").addEventListener("click", () => showTheme(themes[(themes.indexOf(theme()) + 1) % 3]));
