// The settings of the next restoration.

import * as dialogs from "./dialogs.js";
import * as words from "./words.js";

const { t } = words;
const $ = id => document.getElementById(id);
const usualSeed = 231;
const own = {
  auto: "ModelAutomatic", faithful: "ModelFaithful", vivid: "ModelVivid", "sd2.1-base": "ModelBase", hypir: "ModelHypir",
};
let all = [], models = [], failed = false;

/** Shows the models that can be used, and what an image would become. */
export function show(state, image, readLicense) {
  all = state.models ?? [];
  models = all.filter(model => model.ready);
  failed = Boolean(state.engineFailure);
  const list = $("model"), shape = JSON.stringify([models, words.language, failed]);
  if (list.dataset.shape !== shape) {
    list.dataset.shape = shape;
    const chosen = list.value;
    list.replaceChildren(...models.map(model => new Option(titleOf(model.name), model.name)));
    if (models.some(model => model.name === chosen)) list.value = chosen;
    showLicenses(readLicense);
  }
  list.disabled = models.length === 0;
  showDependent(image);
}

/** The models that can be used. */
export const usable = () => models;

/** A model's title: for those of the program's own list, the dialog's words where it has some. */
export const titleOf = name => own[name] && t(own[name]) || all.find(model => model.name === name)?.title || name;

/** What depends on other settings. */
export function showDependent(image) {
  const model = models.find(one => one.name === $("model").value);
  $("modelNote").textContent = model || failed ? "" : t("Connecting");
  $("prompt").disabled = !model?.readsPrompts;
  $("promptNote").hidden = !model || model.readsPrompts;
  $("sideField").hidden = $("scale").value !== "side";
  $("strengthValue").value = `${$("strength").value} %`;
  if (image) {
    const [width, height] = sizeOf(image, choice());
    $("size").textContent = `${image.width} × ${image.height} → ${width} × ${height}`;
  } else {
    $("size").textContent = "";
  }
}

/** The size of an image's result. */
function sizeOf({ width, height }, { upscale, longestSide }) {
  const factor = longestSide ? longestSide / Math.max(width, height) : upscale;
  return [Math.max(1, Math.round(width * factor)), Math.max(1, Math.round(height * factor))];
}

/** Another model shows its licenses. */
export function showLicenses(readLicense) {
  const model = models.find(one => one.name === $("model").value);
  $("licenses").replaceChildren(...(model?.licenses ?? []).flatMap((license, i) => {
    const link = document.createElement("button");
    link.className = "link";
    link.textContent = license.name;
    link.addEventListener("click", async () => {
      const text = await readLicense(license.id);
      if (!text) return;
      const body = document.createElement("pre");
      body.textContent = text.text;
      dialogs.open(text.name, body);
    });
    return i === 0 ? [`${t("LicenceTitle")}: `, link] : [", ", link];
  }));
}

/** The settings as the window takes them. */
export function choice() {
  const side = $("scale").value === "side" ? Math.round($("side").valueAsNumber) : 0;
  return {
    model: $("model").value || "auto",
    upscale: side ? 1 : Number($("scale").value) || 1,
    longestSide: side || undefined,
    prompt: $("prompt").disabled ? "" : $("prompt").value,
    seed: Number.isSafeInteger($("seed").valueAsNumber) ? $("seed").valueAsNumber : usualSeed,
    strength: $("strength").value / 100,
  };
}

/** Takes over the settings of a result. */
export function use(from) {
  $("model").value = from.model;
  $("scale").value = from.longestSide ? "side" : String(from.upscale);
  if (from.longestSide) $("side").value = from.longestSide;
  $("prompt").value = from.prompt;
  $("seed").value = from.seed;
  setStrength(from.strength);
}

/** Sets the strength. */
export function setStrength(share) {
  $("strength").value = Math.round(share * 100);
  $("strengthValue").value = `${$("strength").value} %`;
}

/** A seed that nobody has used. */
export const newSeed = () => crypto.getRandomValues(new Uint32Array(1))[0];

$("seed").value = usualSeed;
