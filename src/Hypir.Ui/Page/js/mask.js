// The brush: what is painted is restored, and nothing else. A mask belongs to its image and stays until it is cleared.

import * as api from "./api.js";
import { t } from "./words.js";
import * as viewer from "./viewer.js";

const $ = id => document.getElementById(id);
// Finer masks would only cost memory: the window scales them to the image.
const most = 2048;
const masks = new Map();
let image = null, on = false;

/** Shows the mask of an image. */
export function show(next) {
  image = next ?? null;
  if (!image && on) toggle(false);
  const mask = masks.get(image?.id);
  viewer.overlay(mask?.canvas ?? null);
  $("maskNote").hidden = !mask;
  $("clearMask").disabled = !mask;
}

/** Takes the brush, or puts it down. */
export function toggle(taken = !on) {
  on = taken;
  $("brush").setAttribute("aria-pressed", on);
  $("brushTools").hidden = !on;
  viewer.paintWith(on ? paint : null);
}

/** Removes what is painted. */
export function clear() {
  if (image) masks.delete(image.id);
  show(image);
}

/** The number of an image's mask in the window, or undefined if nothing is painted. */
export async function send(id) {
  const mask = masks.get(id);
  if (!mask) return undefined;
  mask.version ??= (await api.sendMask(id, await picture(mask.canvas))).version;
  return mask.version;
}

function paint(from, to) {
  if (!masks.has(image.id)) masks.set(image.id, { canvas: canvasFor(image) });
  const mask = masks.get(image.id), context = mask.canvas.getContext("2d"), share = mask.canvas.width / image.width;
  mask.version = undefined;
  context.globalCompositeOperation = $("erase").checked ? "destination-out" : "source-over";
  context.strokeStyle = "#e5384f";
  context.lineCap = context.lineJoin = "round";
  // The brush has its size on the screen.
  context.lineWidth = Math.max(1, $("brushSize").valueAsNumber / to.scale * share);
  context.beginPath();
  context.moveTo(from.x * share, from.y * share);
  context.lineTo(to.x * share, to.y * share);
  context.stroke();
  show(image);
}

function canvasFor({ width, height, name }) {
  const canvas = document.createElement("canvas"), scale = Math.min(1, most / Math.max(width, height));
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${t("MaskName")}: ${name}`);
  return canvas;
}

/** White where it is painted. */
function picture(canvas) {
  const white = document.createElement("canvas"), context = white.getContext("2d");
  [white.width, white.height] = [canvas.width, canvas.height];
  context.drawImage(canvas, 0, 0);
  context.globalCompositeOperation = "source-in";
  context.fillStyle = "#fff";
  context.fillRect(0, 0, white.width, white.height);
  return new Promise(done => white.toBlob(done, "image/png"));
}

$("brush").addEventListener("click", () => toggle());
$("clearMask").addEventListener("click", clear);
