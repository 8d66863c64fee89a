// Before and after, one over the other: zoom, pan, and a divider. Zoom and place stay when another image is shown.

const $ = id => document.getElementById(id);
const stage = $("stage"), before = $("before"), beside = $("beside"), after = $("after"), part = $("part"), divider = $("divider");
const most = 16;
// Room for the toolbar below an image that fits.
const below = 28;

// zoom: 1 fits the stage, null is one image pixel on one screen pixel; x, y: the middle of the view, as shares of the image.
const view = { zoom: 1, x: 0.5, y: 0.5, divide: 0.5, hold: false };
let image = null, left = null, right = null, strength = 1, shown = "";

let brush = null;

const fitting = () => Math.min((stage.clientWidth - 48) / image.width, (stage.clientHeight - 96 - below) / image.height, most);
const scaleNow = () => view.zoom === null ? 1 / devicePixelRatio : fitting() * view.zoom;

/** Shows an image of the state, or none: a result on the right; on the left the image itself, or another result. */
export function show(next, sides) {
  if (next?.id !== image?.id) for (const picture of [before, beside, after, part]) picture.removeAttribute("src");
  image = next ?? null;
  ({ left, right } = sides);
  stage.hidden = $("tools").hidden = !image;
  if (!image) return;
  set(before, `images/${image.id}/before`);
  set(beside, left && `images/${image.id}/after/${left.version}`);
  set(after, right && `images/${image.id}/after/${right.version}`);
  set(part, image.preview && `images/${image.id}/part?${image.preview.version}`);
  const next2 = `${image.id} ${before.src}`;
  if (shown !== next2) {
    shown = next2;
    $("loading").hidden = before.complete;
  }
  draw();
}

function set(picture, address) {
  if (!address) picture.removeAttribute("src");
  else if (picture.getAttribute("src") !== address) picture.src = address;
}

/** Lays a canvas over the image, or none. */
export function overlay(canvas) {
  if ($("maskLayer").firstElementChild === canvas) return;
  $("maskLayer").replaceChildren(...[canvas].filter(Boolean));
  draw();
}

/** Gives strokes to a brush, instead of moving the view; null ends that. */
export function paintWith(next) {
  brush = next;
  stage.classList.toggle("painting", Boolean(next));
}

/** A place of the screen, in the image's pixels. */
function point(event) {
  const scale = scaleNow(), [left, top] = corner(scale), box = stage.getBoundingClientRect();
  return { x: (event.clientX - box.left - left) / scale, y: (event.clientY - box.top - top) / scale, scale };
}

/** Blends the result with the image, at once. */
export function blend(share) {
  strength = share;
  draw();
}

/** The area in view, in the image's pixels. */
export function area() {
  const scale = scaleNow(), [left, top] = corner(scale);
  const x = Math.max(0, Math.floor(-left / scale)), y = Math.max(0, Math.floor(-top / scale));
  const right = Math.min(image.width, Math.ceil((stage.clientWidth - left) / scale));
  const bottom = Math.min(image.height, Math.ceil((stage.clientHeight - top) / scale));
  return { x, y, width: right - x, height: bottom - y };
}

function corner(scale) {
  // Where the image ends before the stage does, it stays in the middle.
  const along = (size, length, share) => size * scale <= length ? (length - size * scale) / 2
    : Math.min(0, Math.max(length - size * scale, length / 2 - share * size * scale));
  const y = along(image.height, stage.clientHeight, view.y);
  return [along(image.width, stage.clientWidth, view.x), y > below ? y - below / 2 : y];
}

function draw() {
  if (!image) return;
  const scale = scaleNow(), [x, y] = corner(scale);
  const place = (picture, left, top, width, height) => {
    picture.style.width = `${width}px`;
    picture.style.height = `${height}px`;
    picture.style.transform = `translate(${x + left * scale}px, ${y + top * scale}px) scale(${scale})`;
    picture.classList.toggle("sharp", scale * devicePixelRatio >= 3);
  };
  place(before, 0, 0, image.width, image.height);
  place(beside, 0, 0, image.width, image.height);
  place(after, 0, 0, image.width, image.height);
  const restored = image.preview?.area;
  if (restored) place(part, restored.x, restored.y, restored.width, restored.height);
  const painted = $("maskLayer").firstElementChild;
  if (painted) place(painted, 0, 0, image.width, image.height);
  after.style.opacity = part.style.opacity = strength;
  beside.style.opacity = left?.choice.strength ?? 1;
  const compares = Boolean(right || image.preview);
  const at = view.hold ? stage.clientWidth : view.divide * stage.clientWidth;
  $("afterLayer").hidden = !compares;
  $("afterLayer").style.clipPath = `inset(0 0 0 ${at}px)`;
  $("leftLayer").hidden = !left || view.hold;
  $("leftLayer").style.clipPath = `inset(0 ${stage.clientWidth - at}px 0 0)`;
  divider.hidden = !compares || view.hold;
  divider.style.left = `${at}px`;
  divider.setAttribute("aria-valuenow", Math.round(view.divide * 100));
  $("beforeTag").hidden = !compares;
  $("afterTag").hidden = !compares || view.hold;
  $("zoom").value = `${Math.round(scale * devicePixelRatio * 100)} %`;
}

/** Zooms by a factor about a point of the stage, or about its middle. */
export function zoomBy(factor, x = stage.clientWidth / 2, y = stage.clientHeight / 2) {
  if (!image) return;
  const old = scaleNow(), scale = Math.min(most, Math.max(Math.min(fitting(), 1) / 2, old * factor));
  const [left, top] = corner(old), px = (x - left) / old, py = (y - top) / old;
  view.zoom = scale / fitting();
  const toX = px * scale - x + stage.clientWidth / 2, toY = py * scale - y + stage.clientHeight / 2;
  move(toX / (image.width * scale), toY / (image.height * scale));
}

/** Shows all of the image. */
export function fit() {
  Object.assign(view, { zoom: 1, x: 0.5, y: 0.5 });
  draw();
}

/** Shows one pixel of the image on one of the screen. */
export function actual() {
  view.zoom = null;
  draw();
}

/** Moves the view by pixels of the screen. */
export function pan(dx, dy) {
  if (image) move(view.x + dx / (image.width * scaleNow()), view.y + dy / (image.height * scaleNow()));
}

function move(x, y) {
  [view.x, view.y] = [Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, y))];
  draw();
}

/** Moves the divider to a share of the stage. */
export function divide(share) {
  view.divide = Math.min(1, Math.max(0, share));
  draw();
}

/** Moves the divider by a share of the stage. */
export const divideBy = share => divide(view.divide + share);

/** Shows only the image itself, as long as something is held. */
export function hold(held) {
  view.hold = held;
  draw();
}

function drag(target, begin, follow) {
  target.addEventListener("pointerdown", down => {
    if (down.button !== 0) return;
    down.stopPropagation();
    target.setPointerCapture(down.pointerId);
    begin(down, true);
    let last = down;
    const moved = event => {
      follow(event, last);
      last = event;
    };
    target.addEventListener("pointermove", moved);
    target.addEventListener("lostpointercapture", () => {
      target.removeEventListener("pointermove", moved);
      begin(down, false);
    }, { once: true });
  });
}

drag(stage, (down, on) => {
  stage.classList.toggle("dragging", on && !brush);
  if (on) brush?.(point(down), point(down));
}, (now, last) => {
  if (brush) brush(point(last), point(now));
  else pan(last.clientX - now.clientX, last.clientY - now.clientY);
});
drag(divider, () => {}, now => divide((now.clientX - stage.getBoundingClientRect().left) / stage.clientWidth));
divider.addEventListener("keydown", event => {
  const steps = { ArrowLeft: -0.02, ArrowRight: 0.02, Home: -1, End: 1 };
  if (!(event.key in steps)) return;
  event.preventDefault();
  event.stopPropagation();
  divideBy(steps[event.key]);
});
stage.addEventListener("wheel", event => {
  event.preventDefault();
  const box = stage.getBoundingClientRect();
  zoomBy(Math.exp(-event.deltaY / 400), event.clientX - box.left, event.clientY - box.top);
}, { passive: false });
stage.addEventListener("dblclick", () => view.zoom === 1 ? actual() : fit());
before.addEventListener("load", () => $("loading").hidden = true);
new ResizeObserver(draw).observe(stage);
