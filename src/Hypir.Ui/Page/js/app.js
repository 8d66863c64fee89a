// The page: what the window says is shown, what the person does is sent. It computes nothing and keeps only choices.

import * as api from "./api.js";
import * as viewer from "./viewer.js";
import * as strip from "./strip.js";
import * as status from "./status.js";
import * as words from "./words.js";
import { keys } from "./keys.js";

const { t } = words;
const $ = id => document.getElementById(id);
const themes = ["auto", "light", "dark"];

let state = { images: [] };
let selected = null, wanted = null, redo = 0, gone = false;
const current = () => state.images.find(image => image.id === selected);

// --- What the window says

function take(next) {
  if (!next) {
    // The browser asks again by itself; after a while the person should know.
    if (!gone) setTimeout(() => gone && toast(t("WindowGone")), 3000);
    gone = true;
    return;
  }
  gone = false;
  state = next;
  if (wanted && state.images.some(image => image.id === wanted)) [selected, wanted] = [wanted, null];
  if (!current()) selected = state.images.at(0)?.id ?? null;
  render();
}

function render() {
  const image = current(), busy = state.images.filter(one => one.state === "queued" || one.state === "running");
  $("empty").hidden = state.images.length > 0;
  strip.show(state.images, selected, choose, id => act(() => api.remove(`images/${id}`)));
  viewer.show(image);
  status.show(image, state.engineFailure, {
    cancel: () => act(() => api.post(`images/${selected}/cancel`)),
    cancelAll: () => act(() => api.post("cancel")),
    isBusy: () => state.images.filter(one => one.state === "queued" || one.state === "running").length > 1,
    folder: showFolder,
    copy: () => act(copyResult),
    models: () => act(() => api.post("models")),
  });
  showModels();
  showSettings(image);
  const open = state.images.filter(one => !one.result && one.state !== "queued" && one.state !== "running").length;
  $("preview").disabled = $("restore").disabled = !image || Boolean(state.engineFailure);
  $("restoreAll").hidden = state.images.length < 2;
  $("restoreAll").disabled = open === 0 || Boolean(state.engineFailure);
  $("restoreAll").textContent = t("RestoreAll", open);
  $("zip").hidden = !state.images.some(one => one.result);
  $("folder").title = state.output ?? "";
  document.title = (busy.length ? `(${busy.length}) ` : "") + "Hypir";
}

function showModels() {
  const list = $("model"), models = (state.models ?? []).filter(model => model.ready);
  const shape = JSON.stringify([models, words.language, state.engineFailure]);
  if (list.dataset.shape !== shape) {
    list.dataset.shape = shape;
    const chosen = list.value;
    list.replaceChildren(...models.map(model => new Option(titleOf(model), model.name)));
    if (models.some(model => model.name === chosen)) list.value = chosen;
    showModel();
  }
  list.disabled = models.length === 0;
}

// The dialog's names of the models that come with the program.
const titleOf = model => ({ faithful: t("ModelFaithful") })[model.name] ?? model.title;

function showModel() {
  const model = (state.models ?? []).find(one => one.name === $("model").value);
  $("modelNote").textContent = model ? "" : state.engineFailure ? "" : t("Connecting");
  $("prompt").disabled = !model?.readsPrompts;
  $("promptNote").hidden = !model || model.readsPrompts;
  $("licenses").replaceChildren(...(model?.licenses ?? []).flatMap((license, i) => {
    const link = document.createElement("button");
    link.className = "link";
    link.textContent = license.name;
    link.addEventListener("click", () => act(async () => {
      const text = await api.read(`licenses/${encodeURIComponent(license.id)}`);
      const body = document.createElement("pre");
      body.textContent = text.text;
      openDialog(text.name, body);
    }));
    return i === 0 ? [`${t("LicenceTitle")}: `, link] : [", ", link];
  }));
}

function showSettings(image) {
  $("upscaleValue").value = `${$("upscale").value}×`;
  $("strengthValue").value = `${$("strength").value} %`;
  const factor = Number($("upscale").value);
  $("size").textContent = image ? `${image.width} × ${image.height} → ${image.width * factor} × ${image.height * factor}` : "";
}

// --- What the person does

const choice = () => ({
  model: $("model").value || "faithful",
  upscale: Number($("upscale").value),
  prompt: $("prompt").disabled ? "" : $("prompt").value,
  seed: Number.isSafeInteger($("seed").valueAsNumber) ? $("seed").valueAsNumber : 231,
  strength: $("strength").value / 100,
});

async function act(task) {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof api.Refusal)) throw error;
    const { message, action } = words.failure(error.failure);
    toast(`${message} ${action ?? ""}`);
  }
}

function choose(id) {
  selected = id;
  const image = current();
  if (image?.result) setStrength(image.result.choice.strength);
  render();
}

function chooseBy(step) {
  const at = state.images.findIndex(image => image.id === selected);
  const next = state.images[at + step];
  if (next) choose(next.id);
}

async function add(files) {
  for (const file of files) {
    if (file.size > state.maxUploadBytes) {
      toast(`${file.name}: ${t("UploadTooLarge")} ${t("UploadTooLargeAction")}`);
      continue;
    }
    try {
      const id = await api.upload(file);
      if (state.images.length === 0 || !wanted && files.length === 1) wanted = id;
    } catch (error) {
      if (!(error instanceof api.Refusal)) throw error;
      const { message, action } = words.failure(error.failure);
      toast(`${file.name}: ${message} ${action ?? ""}`);
    }
  }
}

const restore = id => act(() => api.post(`images/${id}/restore`, { choice: choice() }));
const restoreOne = () => selected && restore(selected);
const preview = () => selected && act(() => api.post(`images/${selected}/restore`, { choice: choice(), area: viewer.area() }));
const showFolder = () => act(async () => {
  await api.post("folder");
  toast(t("FolderShown", state.output));
});

async function restoreAll() {
  for (const image of state.images)
    if (!image.result && image.state !== "queued" && image.state !== "running") await restore(image.id);
}

async function copyResult() {
  const address = `images/${selected}/result?${current().result.version}`;
  await navigator.clipboard.write([new ClipboardItem({ "image/png": fetch(address).then(answer => answer.blob()) })]);
  toast(t("Copied"));
}

/** After a preview, other settings give another one. */
function settingsChanged() {
  showModel();
  showSettings(current());
  clearTimeout(redo);
  if (!current()?.preview) return;
  const id = selected, area = current().preview.area;
  redo = setTimeout(() => act(() => api.post(`images/${id}/restore`, { choice: choice(), area })), 500);
}

function setStrength(share) {
  $("strength").value = Math.round(share * 100);
  $("strengthValue").value = `${$("strength").value} %`;
  viewer.blend(share);
}

// --- Dialogs and short messages

function openDialog(title, ...body) {
  $("dialogTitle").textContent = title;
  $("dialogBody").replaceChildren(...body);
  $("dialog").showModal();
}

function showKeys() {
  const list = document.createElement("dl");
  for (const { shown, name } of keys.filter(key => key.name)) {
    const term = document.createElement("dt"), meaning = document.createElement("dd");
    term.textContent = shown;
    meaning.textContent = t(name);
    list.append(term, meaning);
  }
  openDialog(t("Keys"), list);
}

function toast(message) {
  const element = document.createElement("div");
  element.className = "toast";
  element.textContent = message;
  $("toasts").append(element);
  setTimeout(() => element.remove(), 9000);
}

// --- Language and theme

function showTheme(theme) {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  localStorage.setItem("theme", theme);
  $("theme").textContent = t(`Theme_${theme}`);
  $("theme").title = t("Theme");
}

async function showLanguage(name) {
  await words.load(name);
  $("language").textContent = words.other() === "en" ? "English" : "中文";
  $("language").lang = words.other();
  showTheme(localStorage.getItem("theme") ?? "auto");
  render();
}

// --- Events

const on = (id, event, act) => $(id).addEventListener(event, act);
on("add", "click", () => $("files").click());
on("pick", "click", () => $("files").click());
on("files", "change", () => {
  add([...$("files").files]);
  $("files").value = "";
});
on("preview", "click", preview);
on("restore", "click", restoreOne);
on("restoreAll", "click", restoreAll);
on("folder", "click", showFolder);
on("zip", "click", () => location.assign("results.zip"));
on("help", "click", showKeys);
on("zoomIn", "click", () => viewer.zoomBy(1.25));
on("zoomOut", "click", () => viewer.zoomBy(0.8));
on("fit", "click", viewer.fit);
on("actual", "click", viewer.actual);
on("hold", "pointerdown", () => viewer.hold(true));
for (const event of ["pointerup", "pointerleave", "pointercancel", "blur"]) on("hold", event, () => viewer.hold(false));
on("hold", "keydown", event => [" ", "Enter"].includes(event.key) && viewer.hold(true));
on("hold", "keyup", () => viewer.hold(false));
on("language", "click", () => showLanguage(words.other()));
on("theme", "click", () => showTheme(themes[(themes.indexOf(localStorage.getItem("theme") ?? "auto") + 1) % 3]));
on("model", "change", settingsChanged);
for (const id of ["upscale", "prompt", "seed"]) on(id, "input", settingsChanged);
on("again", "click", () => {
  $("seed").value = crypto.getRandomValues(new Uint32Array(1))[0];
  settingsChanged();
});
on("strength", "input", () => setStrength($("strength").value / 100));
on("strength", "change", () => {
  if (current()?.result) act(() => api.post(`images/${selected}/strength`, { strength: $("strength").value / 100 }));
});

addEventListener("paste", event => {
  const files = [...event.clipboardData.files];
  if (files.length) add(files);
});
let entered = 0;
addEventListener("dragenter", event => {
  event.preventDefault();
  entered++;
  $("drop").hidden = false;
});
addEventListener("dragleave", () => {
  if (--entered <= 0) $("drop").hidden = true;
});
addEventListener("dragover", event => event.preventDefault());
addEventListener("drop", event => {
  event.preventDefault();
  entered = 0;
  $("drop").hidden = true;
  add([...event.dataTransfer.files]);
});

const acts = {
  add: () => $("files").click(), preview, restore: restoreOne, restoreAll,
  stop: () => current()?.isPreview !== undefined && act(() => api.post(`images/${selected}/cancel`)),
  next: () => chooseBy(1), previous: () => chooseBy(-1), remove: () => selected && act(() => api.remove(`images/${selected}`)),
  zoomIn: () => viewer.zoomBy(1.25), zoomOut: () => viewer.zoomBy(0.8), fit: viewer.fit, actual: viewer.actual,
  left: () => viewer.pan(-60, 0), right: () => viewer.pan(60, 0), up: () => viewer.pan(0, -60), down: () => viewer.pan(0, 60),
  divideLeft: () => viewer.divideBy(-0.05), divideRight: () => viewer.divideBy(0.05), keys: showKeys,
};
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || $("dialog").open) return;
  const typing = event.target.closest("input, textarea, select");
  if (typing && event.key !== "Escape") return;
  if (event.key === "b" || event.key === "B") return viewer.hold(true);
  const key = keys.find(one => one.key === event.key && Boolean(one.shift) === (event.shiftKey && /^[a-z]|^Arrow/i.test(event.key)));
  if (!key?.act) return;
  event.preventDefault();
  acts[key.act]();
});
addEventListener("keyup", event => (event.key === "b" || event.key === "B") && viewer.hold(false));
addEventListener("blur", () => viewer.hold(false));

$("seed").value = 231;
await showLanguage(words.language);
api.watch(take);
