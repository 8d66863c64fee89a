// Which results of an image are shown beside which: the newest one beside the image itself, until the person chooses.

import { titleOf } from "./settings.js";
import { t } from "./words.js";

const $ = id => document.getElementById(id);
// By image: the versions on both sides, 0 for the image itself, and the newest version when they were chosen.
const sides = new Map();
let last = "";

/** What is shown of an image: the result on the left, or null for the image itself, and the one on the right, or null. */
export function shown(image) {
  const results = image?.results ?? [];
  if (results.length === 0) return { left: null, right: null };
  const side = sides.get(image.id) ?? { left: 0, right: 0, newest: 0 };
  const newest = results.at(-1).version, find = version => results.find(result => result.version === version) ?? null;
  if (side.newest !== newest) Object.assign(side, { right: newest, newest });
  sides.set(image.id, side);
  return { left: find(side.left), right: find(side.right) ?? results.at(-1) };
}

/** Shows a result that was chosen. */
export function choose(image, side, version) {
  const { left, right } = shown(image), now = sides.get(image.id);
  // The same on both sides would compare nothing: they change places.
  const other = side === "left" ? "right" : "left", was = { left: left?.version ?? 0, right: right.version };
  if (was[other] === version && (other === "left" || was[side] !== 0)) now[other] = was[side];
  else if (was[other] === version) return;
  now[side] = version;
}

/** Shows the two lists of an image with several results. */
export function show(image) {
  const results = image?.results ?? [], { left, right } = shown(image);
  const several = results.length > 1;
  $("left").hidden = $("right").hidden = !several;
  $("beforeTag").hidden ||= several;
  $("afterTag").hidden ||= several;
  const shape = JSON.stringify([image?.id, results, left?.version, right?.version, t("Before")]);
  if (!several || shape === last) return;
  last = shape;
  const options = results.map((result, i) => new Option(label(results, i), result.version));
  $("left").replaceChildren(new Option(t("Before"), 0), ...options.map(option => option.cloneNode(true)));
  $("right").replaceChildren(...options);
  $("left").value = left?.version ?? 0;
  $("right").value = right.version;
}

/** A result's name: its number, and how it differs from the others. */
function label(results, i) {
  const parts = {
    model: ({ model }) => titleOf(model),
    size: ({ upscale, longestSide }) => longestSide ? t("Pixels", longestSide) : `${upscale}×`,
    seed: ({ seed }) => `${t("Seed")} ${seed}`,
    prompt: ({ prompt }) => prompt,
    mask: ({ mask }) => mask ? t("Painted") : "",
    strength: ({ strength }) => `${Math.round(strength * 100)} %`,
  };
  const differing = Object.values(parts).filter(part => new Set(results.map(result => part(result.choice))).size > 1);
  return [`${i + 1}`, ...differing.map(part => part(results[i].choice)).filter(Boolean)].join(" · ");
}
