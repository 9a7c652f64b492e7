// A row opens its record; links, buttons and selected text inside it keep their own meaning.
export function startRows(root) {
  root.addEventListener("click", (event) => {
    const row = event.target.closest?.("tr[data-href]");
    if (!row || event.target.closest("a, button, input, label, summary, .pick-cell")) return;
    if (String(window.getSelection())) return;
    window.location.assign(row.dataset.href);
  });
}
