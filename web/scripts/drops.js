// A file may be dropped on the upload field; its name is shown beside it.
function take(zone, files) {
  const input = zone.querySelector("input[type=file]");
  if (!input || !files.length) return;
  input.files = files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function wire(zone) {
  for (const kind of ["dragover", "dragleave", "drop"]) {
    zone.addEventListener(kind, (event) => {
      event.preventDefault();
      zone.classList.toggle("over", kind === "dragover");
      if (kind === "drop") take(zone, event.dataTransfer.files);
    });
  }
}

export function startDrops(root) {
  root.querySelectorAll("[data-drop]").forEach(wire);
}
