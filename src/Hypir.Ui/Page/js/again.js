// "Again with …": one result, and the same with something else, side by side.

import * as dialogs from "./dialogs.js";
import { button, group, text } from "./elements.js";
import { newSeed, titleOf, usable } from "./settings.js";
import { t } from "./words.js";

/** Asks what should be different; every answer is a job of its own. */
export function ask(result, restore, use) {
  const { choice } = result, model = usable().find(one => one.name === result.model);
  const boxes = [];
  const box = (label, changes) => {
    const input = document.createElement("input");
    input.type = "checkbox";
    const element = document.createElement("label");
    element.append(input, label);
    boxes.push({ input, changes });
    return element;
  };
  const field = (title, ...children) => {
    if (children.length === 0) return null;
    const element = document.createElement("fieldset");
    element.append(text("legend", title), ...children);
    return element;
  };
  const sizes = [1, 2, 4].filter(factor => choice.longestSide || factor !== choice.upscale);
  const prompt = document.createElement("textarea");
  prompt.rows = 2;
  prompt.maxLength = 4000;
  prompt.value = choice.prompt;
  prompt.setAttribute("aria-label", t("Prompt"));
  const parts = [
    field(t("AnotherSize"), ...sizes.map(factor => box(`${factor}×`, () => ({ upscale: factor, longestSide: undefined })))),
    field(t("AnotherModel"), ...usable().filter(one => one !== model && one.name !== "auto").map(one => box(titleOf(one.name), () => ({ model: one.name })))),
    // Models without prompts have no noise either: another seed would give the same.
    model?.readsPrompts && field(t("Seed"), ...[1, 2, 3].map(number => box(t("AnotherSeed", number), () => ({ seed: newSeed() })))),
    model?.readsPrompts && field(t("Prompt"), prompt, box(t("AnotherPrompt"), () => ({ prompt: prompt.value }))),
  ];
  const start = button("Restore", async () => {
    dialogs.close();
    // One after another, so that they come in this order.
    for (const { input, changes } of boxes) if (input.checked) await restore({ ...choice, ...changes() });
  }, "primary");
  const count = () => {
    const chosen = boxes.filter(({ input }) => input.checked).length;
    start.disabled = chosen === 0;
    start.textContent = chosen > 1 ? t("RestoreTimes", chosen) : t("Restore");
  };
  for (const { input } of boxes) input.addEventListener("change", count);
  count();
  dialogs.open(t("AgainWith"), [text("p", t("AgainText"), "quiet"), group("again", ...parts)],
    button("UseSettings", () => {
      dialogs.close();
      use(choice);
    }), start);
}
