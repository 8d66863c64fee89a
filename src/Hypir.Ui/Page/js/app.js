// The page: what the window says is shown, what the person does is sent. It computes nothing and keeps only choices.

import * as again from "./again.js";
import * as api from "./api.js";
import * as appearance from "./appearance.js";
import * as dialogs from "./dialogs.js";
import { text } from "./elements.js";
import { keys } from "./keys.js";
import * as mask from "./mask.js";
import * as models from "./models.js";
import * as queue from "./queue.js";
import * as results from "./results.js";
import * as settings from "./settings.js";
import * as status from "./status.js";
import * as strip from "./strip.js";
import * as viewer from "./viewer.js";
import * as words from "./words.js";

const { t } = words;
const { toast } = dialogs;
const $ = id => document.getElementById(id);

let state = { images: [] };
let selected = null, wanted = null, redo = 0, gone = false;
const current = () => state.images.find(image => image.id === selected);
const isIdle = image => !image.jobs;

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

const actions = {
  cancel: () => act(() => api.post(`jobs/${current().jobs[0].id}/cancel`)),
  cancelAll: () => act(() => api.post("cancel")),
  folder: () => showFolder(),
  copy: () => act(copyResult),
  again: () => {
    const id = selected;
    again.ask(results.shown(current()).right, choice => restore(id, choice), useSettings);
  },
  takeOut: () => act(() => api.remove(`images/${selected}/results/${results.shown(current()).right.version}`)),
  models: () => act(() => api.post("models")),
};
const queueActions = {
  cancelAll: actions.cancelAll,
  cancel: id => act(() => api.post(`jobs/${id}/cancel`)),
  first: id => act(() => api.post(`jobs/${id}/first`)),
};

function render() {
  const image = current(), sides = results.shown(image), jobs = state.images.flatMap(one => one.jobs ?? []).length;
  $("empty").hidden = state.images.length > 0;
  strip.show(state.images, selected, choose, id => act(() => api.remove(`images/${id}`)));
  viewer.show(image, sides);
  mask.show(image);
  results.show(image);
  status.show(image, sides.right, state.engineFailure, actions);
  queue.show(state.images, queueActions);
  settings.show(state, image, readLicense);
  models.show(state);
  const open = state.images.filter(one => !one.results && isIdle(one)).length;
  $("preview").disabled = $("restore").disabled = !image || Boolean(state.engineFailure);
  $("restoreAll").hidden = state.images.length < 2;
  $("restoreAll").disabled = open === 0 || Boolean(state.engineFailure);
  $("restoreAll").textContent = t("RestoreAll", open);
  $("zip").hidden = !state.images.some(one => one.results);
  $("folder").title = state.output ?? "";
  document.title = (jobs ? `(${jobs}) ` : "") + "Hypir";
}

const readLicense = id => act(() => api.read(`licenses/${encodeURIComponent(id)}`));

// --- What the person does

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
  const { right } = results.shown(current());
  if (right) setStrength(right.choice.strength);
  render();
}

function chooseBy(step) {
  const at = state.images.findIndex(image => image.id === selected);
  const next = state.images[at + step];
  if (next) choose(next.id);
}

function chooseResult(side) {
  results.choose(current(), side, Number($(side).value));
  setStrength(results.shown(current()).right.choice.strength);
  render();
}

async function add(files) {
  for (const file of files) {
    if (file.size > state.maxUploadBytes) {
      toast(`${file.name}: ${t("UploadTooLarge")} ${t("UploadTooLargeAction")}`);
      continue;
    }
    try {
      const id = await api.upload(file);
      if (!selected && !wanted || files.length === 1) wanted = id;
    } catch (error) {
      if (!(error instanceof api.Refusal)) throw error;
      const { message, action } = words.failure(error.failure);
      toast(`${file.name}: ${message} ${action ?? ""}`);
    }
  }
}

const restore = (id, choice) => act(async () => api.post(
  `images/${id}/restore`, { choice: choice ?? { ...settings.choice(), mask: await mask.send(id) } }));
const restoreOne = () => {
  if (!selected) return;
  restore(selected);
  // The paint would hide what is to be compared.
  mask.toggle(false);
};
const preview = () =>
  selected && act(() => api.post(`images/${selected}/restore`, { choice: settings.choice(), area: viewer.area() }));
const showFolder = () => act(async () => {
  await api.post("folder");
  toast(t("FolderShown", state.output));
});

async function restoreAll() {
  for (const image of state.images) if (!image.results && isIdle(image)) await restore(image.id);
}

async function copyResult() {
  const address = `images/${selected}/result/${results.shown(current()).right.version}`;
  await navigator.clipboard.write([new ClipboardItem({ "image/png": fetch(address).then(answer => answer.blob()) })]);
  toast(t("Copied"));
}

/** After a preview, other settings give another one. */
function settingsChanged() {
  settings.showDependent(current());
  clearTimeout(redo);
  if (!current()?.preview) return;
  const id = selected, area = current().preview.area;
  redo = setTimeout(() => act(() => api.post(`images/${id}/restore`, { choice: settings.choice(), area })), 500);
}

function useSettings(choice) {
  settings.use(choice);
  viewer.blend(choice.strength);
  settingsChanged();
}

function setStrength(share) {
  settings.setStrength(share);
  viewer.blend(share);
}

function showKeys() {
  const list = document.createElement("dl");
  for (const { shown, name } of keys.filter(key => key.name)) list.append(text("dt", shown), text("dd", t(name)));
  dialogs.open(t("Keys"), list);
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
on("language", "click", async () => {
  await appearance.show(words.other());
  render();
});
on("models", "click", () => models.open(act));
on("model", "change", () => {
  settings.showLicenses(readLicense);
  settingsChanged();
});
for (const id of ["scale", "side", "prompt", "seed"]) on(id, "input", settingsChanged);
on("again", "click", () => {
  $("seed").value = settings.newSeed();
  settingsChanged();
});
for (const side of ["left", "right"]) on(side, "change", () => chooseResult(side));
on("strength", "input", () => setStrength($("strength").value / 100));
on("strength", "change", () => {
  const { right } = results.shown(current());
  if (right) act(() => api.post(`images/${selected}/strength`, { strength: $("strength").value / 100, version: right.version }));
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
  stop: () => current()?.jobs && act(() => api.post(`images/${selected}/cancel`)),
  next: () => chooseBy(1), previous: () => chooseBy(-1), remove: () => selected && act(() => api.remove(`images/${selected}`)),
  zoomIn: () => viewer.zoomBy(1.25), zoomOut: () => viewer.zoomBy(0.8), fit: viewer.fit, actual: viewer.actual,
  left: () => viewer.pan(-60, 0), right: () => viewer.pan(60, 0), up: () => viewer.pan(0, -60), down: () => viewer.pan(0, 60),
  divideLeft: () => viewer.divideBy(-0.05), divideRight: () => viewer.divideBy(0.05), keys: showKeys,
  brush: () => selected && mask.toggle(),
};
addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialogs.isOpen()) return;
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

await appearance.show();
render();
api.watch(take);
