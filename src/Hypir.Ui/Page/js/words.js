// The page's words: the Paint.NET dialog's, and its own. The person's choice of a language stays in this browser.

const languages = ["en", "zh-Hans"];
let words = {};

/** The language in use. */
export let language = preferred();

function preferred() {
  const stored = localStorage.getItem("language");
  if (languages.includes(stored)) return stored;
  const simplified = (navigator.languages ?? []).find(name => /^(en|zh)\b/.test(name)) ?? "en";
  return /^zh\b/.test(simplified) && !/Hant|TW|HK|MO/.test(simplified) ? "zh-Hans" : "en";
}

/** Loads the words of a language, and puts them into the page. */
export async function load(name = language) {
  words = await (await fetch(`words/${name}`)).json();
  language = name;
  localStorage.setItem("language", name);
  document.documentElement.lang = name;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = t(element.dataset.t);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.tagName === "BUTTON") element.title = t(element.dataset.label);
  }
}

/** The other language. */
export const other = () => languages[1 - languages.indexOf(language)];

/** A text with its placeholders {0}, {1} … filled in. A missing one shows its name. */
export const t = (name, ...values) => (words[name] ?? name).replace(/\{(\d)\}/g, (_, i) => values[i]);

const has = name => Object.hasOwn(words, name);

/** Why a model was chosen for a result: one sentence, or none if the person chose it. */
export const grounds = ({ model, grounds }) => grounds
  ? [t(model === "vivid" ? "ChosenVivid" : "ChosenFaithful", grounds.map(groundOf).reduce((all, ground) => t("And", all, ground)))] : [];

// "strong noise" is GroundStrongNoise.
const groundOf = ground => t(`Ground${ground.replace(/(^| )(.)/g, (_, space, letter) => letter.toUpperCase())}`);

/** A failure: what is wrong and what to do. The engine's own sentences are English. */
export function failure({ code, message, remedy }) {
  const known = has(code);
  const english = language === "en";
  return {
    message: known && !(english && code === "BadImage") ? t(code) : message,
    action: english && remedy ? remedy : has(`${code}Action`) ? t(`${code}Action`) : remedy ?? t("Retry"),
  };
}

/** Bytes, roughly. */
export const size = bytes => bytes < 1e9
  ? t("Megabytes", (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)) : t("Gigabytes", (bytes / 1e9).toFixed(1));

/** A duration, roughly. */
export function duration(seconds) {
  if (seconds < 5) return t("FewSeconds");
  if (seconds < 90) return t("Seconds", Math.round(seconds));
  if (seconds < 5400) return t("Minutes", Math.round(seconds / 60));
  return seconds < 129600 ? t("Hours", Math.round(seconds / 3600)) : t("Days", Math.round(seconds / 86400));
}

/** The progress of a job, as the dialog says it. */
export function progress(job) {
  if (job.ahead !== undefined) return job.ahead > 0 ? t("WaitingBehind", job.ahead) : t("Waiting");
  const step = job.progress;
  if (!step) return t("Connecting");
  const stages = { loading: "Loading", encoding: "Reading", restoring: "Restoring", decoding: "Drawing", finishing: "Finishing" };
  let text = step.hasNote ? t(step.state === "queued" ? "EngineRestarted" : "SmallerSteps") : t(stages[step.state] ?? "Waiting");
  if (step.tiles > 1 && !step.hasNote) text = t("TileOf", text, Math.min(step.tile + 1, step.tiles), step.tiles);
  return step.remainingSeconds == null ? text : t("TimeLeft", text, duration(step.remainingSeconds));
}
