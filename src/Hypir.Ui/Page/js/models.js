// The dialog with all models: what can be used, what can be downloaded after its license was read, and files of one's own.

import * as api from "./api.js";
import * as dialogs from "./dialogs.js";
import { button, group, text } from "./elements.js";
import { titleOf } from "./settings.js";
import * as words from "./words.js";

const { t } = words;
const file = document.createElement("input");
file.type = "file";
file.accept = ".pth,.pt,.safetensors,.ckpt,.bin";
let isShown = false, last = "", act = null, state = {};

/** Opens the dialog. */
export function open(doing) {
  act = doing;
  isShown = true;
  last = "";
  dialogs.open(t("Models"), text("div", "", "models"), button("AddModelFile", () => file.click()));
  show(state);
}

/** Shows what has changed while the dialog is open. */
export function show(next) {
  state = next;
  const place = document.querySelector("#dialogBody .models");
  if (!isShown || !place || !dialogs.isOpen()) return;
  const shape = JSON.stringify([state.models, state.transfers, words.language]);
  if (shape === last) return;
  const focused = document.activeElement?.dataset?.of;
  last = shape;
  place.replaceChildren(...parts());
  if (focused) place.querySelector(`[data-of="${CSS.escape(focused)}"]`)?.focus();
}

function* parts() {
  const models = (state.models ?? []).filter(model => model.name !== "auto"), transfers = state.transfers ?? {};
  const strange = Object.keys(transfers).filter(name => !models.some(model => model.name === name));
  for (const name of strange) yield row(name, null, transfers[name]);
  const ready = models.filter(model => model.ready), others = models.filter(model => !model.ready && model.state !== "unavailable");
  yield text("h3", t("ModelsReady"));
  for (const model of ready) yield row(titleOf(model.name), model, transfers[model.name]);
  if (others.length) yield text("h3", t("ModelsToGet"));
  for (const model of others) yield row(titleOf(model.name), model, transfers[model.name]);
}

function row(title, model, transfer) {
  const what = group("what", text("strong", title), text("span", about(model), "quiet"));
  const name = model?.name ?? title, buttons = [];
  if (transfer?.failure) {
    const { message, action } = words.failure(transfer.failure);
    what.append(text("span", `${message} ${action ?? ""}`, "trouble"));
    buttons.push(named("Dismiss", name, () => act(() => api.post(`models/${encodeURIComponent(name)}/stop`))));
  } else if (transfer) {
    const bar = document.createElement("progress");
    if (transfer.totalBytes) bar.value = transfer.receivedBytes / transfer.totalBytes;
    bar.setAttribute("aria-label", progress(title, transfer));
    what.append(bar, text("span", progress(title, transfer), "quiet"));
    buttons.push(named("Stop", name, () => act(() => api.post(`models/${encodeURIComponent(name)}/stop`))));
  }
  if (model && !model.ready && (!transfer || transfer.failure) && ["available", "partial"].includes(model.state))
    buttons.push(named("Download", name, () => act(() => begin(model))));
  return group("job", what, ...buttons);
}

/** Size, licenses, and what is wrong. */
function about(model) {
  if (!model) return "";
  const licenses = model.licenses.map(license => license.name).join(", ");
  const size = model.ready || model.downloadBytes == null ? "" : words.size(model.downloadBytes);
  return [size, licenses, model.state === "damaged" ? model.problem : ""].filter(Boolean).join(" · ");
}

function progress(title, { step, receivedBytes, totalBytes }) {
  if (step === "waitingForOther") return t("DownloadOther", title);
  if (step === "checking") return t("DownloadChecking", title);
  if (step === "waitingToRetry") return t("DownloadRetry", title);
  if (step !== "receiving") return t("DownloadConnecting", title);
  return totalBytes
    ? t("DownloadReceiving", title, words.size(receivedBytes), words.size(totalBytes)) : t("DownloadReceived", title, words.size(receivedBytes));
}

/** Shows each license that was not accepted yet, then downloads. */
async function begin(model) {
  for (const license of model.licenses.filter(one => !one.accepted)) {
    const content = await api.read(`licenses/${encodeURIComponent(license.id)}`);
    if (!await asked(content, model)) {
      open(act);
      return;
    }
    await api.post(`licenses/${encodeURIComponent(license.id)}`, { sha256: content.sha256 });
  }
  open(act);
  await api.post(`models/${encodeURIComponent(model.name)}/download`);
}

const asked = ({ name, text: terms }, { downloadBytes }) => new Promise(answer => {
  const body = document.createElement("pre");
  body.textContent = terms;
  body.tabIndex = 0;
  const size = downloadBytes == null ? t("LicenceSizeUnknown") : t("LicenceSize", words.size(downloadBytes));
  let accepted = false;
  isShown = false;
  dialogs.open(name, [body, text("p", size, "quiet")], button("LicenceAccept", () => {
    accepted = true;
    dialogs.close();
  }, "primary"));
  document.getElementById("dialog").addEventListener("close", () => answer(accepted), { once: true });
});

function named(word, name, doing) {
  const element = button(word, doing);
  element.setAttribute("aria-label", `${t(word)}: ${name}`);
  element.dataset.of = `${word} ${name}`;
  return element;
}

file.addEventListener("change", () => act(async () => {
  const [chosen] = file.files;
  file.value = "";
  if (chosen) await api.sendModel(chosen);
}));
document.getElementById("dialog").addEventListener("close", () => { isShown = false; });
