// Rows chosen on a list: how many, and all of the page at once. The deeds are buttons of an ordinary form.
const boxes = () => [...document.querySelectorAll("[name=pick][form=chosen]")];

function tell(form) {
  const all = boxes();
  const count = all.filter((box) => box.checked).length;
  form.querySelector("[data-count]").textContent = String(count);
  form.classList.toggle("some", count > 0);
  const head = document.querySelector("[data-pick-all]");
  if (!head) return;
  head.checked = count > 0 && count === all.length;
  head.indeterminate = count > 0 && count < all.length;
}

export function startChosen(root) {
  root.addEventListener("change", (event) => {
    const form = root.querySelector("[data-chosen]");
    if (!form || !event.target.matches("[name=pick], [data-pick-all]")) return;
    if (event.target.matches("[data-pick-all]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    tell(form);
  });
  root.addEventListener("reset", (event) => {
    if (event.target.matches("[data-chosen]")) setTimeout(() => tell(event.target));
  });
  // Coming back to the page, the browser keeps the boxes checked.
  window.addEventListener("pageshow", () => {
    const form = root.querySelector("[data-chosen]");
    if (form) tell(form);
  });
}
