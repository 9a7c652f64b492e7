// Keyboard: "/" to the search field, "g" then a letter through the menu, "?" for the list of keys.
const TYPING = "input, select, textarea, [contenteditable]";
const CHORD_MS = 1500;

let chordUntil = 0;

function follow(letter, root) {
  const link = root.querySelector(`[data-key="${CSS.escape(letter)}"]`);
  if (link) link.click();
  return Boolean(link);
}

function press(event, root) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.(TYPING)) return;
  if (Date.now() < chordUntil) {
    chordUntil = 0;
    if (follow(event.key, root)) event.preventDefault();
    return;
  }
  if (event.key === "g") chordUntil = Date.now() + CHORD_MS;
  if (event.key === "/") {
    const field = root.querySelector("main [data-search]") ?? root.querySelector("[data-search]");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select?.();
    }
  }
  if (event.key === "?") root.querySelector("#keys")?.showModal();
}

function printClick(event) {
  if (event.target.closest?.("[data-print]")) window.print();
  if (event.target.closest?.("[data-keys]")) document.querySelector("#keys")?.showModal();
}

export function startKeys(root) {
  root.addEventListener("keydown", (event) => press(event, root));
  root.addEventListener("click", printClick);
}
