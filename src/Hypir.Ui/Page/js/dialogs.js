// The dialog, of which there is one, and short messages.

const $ = id => document.getElementById(id);

/** Opens the dialog, with more buttons than Close if wanted. */
export function open(title, body, ...more) {
  $("dialogTitle").textContent = title;
  $("dialogBody").replaceChildren(...[body].flat());
  $("dialogMore").replaceChildren(...more);
  if (!isOpen()) $("dialog").showModal();
}

/** Closes it. */
export const close = () => $("dialog").close();

/** Whether it is open. */
export const isOpen = () => $("dialog").open;

/** Shows a message for a while. */
export function toast(message) {
  const element = document.createElement("div");
  element.className = "toast";
  element.textContent = message;
  $("toasts").append(element);
  setTimeout(() => element.remove(), 9000);
}
